package dev.runnel.restore;

import dev.runnel.platform.DiskFile;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.RestorePlan.PlannedFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/** Moves the pages of a source into a file that does not have them yet, several runs at a time. Used once. */
final class Transfer {
    /** Bytes fetched between two syncs of the file: some tenths of a second of work for a disk. */
    private static final long SYNC_EVERY = 64 << 20;

    private final PlanSource source;
    private final DiskFile file;
    private final Optional<MovedPages> moved;
    private final RestoreProgress progress;
    private final long atMost;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicLong fetched = new AtomicLong();
    private volatile boolean stopped;

    /** @param atMost what there is to fetch, in bytes */
    Transfer(PlanSource source, TempDatabase database, RestoreProgress progress, long atMost) {
        this.source = source;
        this.file = database.file();
        this.moved = database.moved();
        this.progress = progress;
        this.atMost = atMost;
    }

    /** Returns when all pages are written, or none of the workers writes any more. */
    PageTally run(ExecutorService executor, int workers) throws IOException {
        progress.fetched(0, atMost);
        List<Future<PageTally>> futures = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            futures.add(executor.submit(this::work));
        }
        PageTally all = new PageTally(source.pageSize());
        Optional<Throwable> failure = Optional.empty();
        for (Future<PageTally> future : futures) {
            try {
                all.add(await(future));
            } catch (ExecutionException e) {
                failure = failure.or(() -> Optional.ofNullable(e.getCause()));
            }
        }
        if (failure.isPresent()) {
            throw rethrown(failure.get());
        }
        if (Thread.interrupted()) {
            throw new InterruptedIOException("interrupted during a restore");
        }
        moved.ifPresent(pages -> all.add(pages.tally()));
        return all;
    }

    long fetched() {
        return fetched.get();
    }

    /** What one worker does. The first one to fail stops the others at their next run. */
    private PageTally work() throws IOException {
        PageWriter writer = new PageWriter(file, source.pageSize());
        boolean done = false;
        try {
            for (Optional<PlanSource.Run> run = next(); run.isPresent(); run = next()) {
                Optional<PlannedFile> from = run.get().file();
                writer.noteIn(moved.flatMap(pages -> from.map(pages::notes)));
                run.get().readTo(writer);
                writer.finish();
                count(run.get().size());
            }
            done = true;
            return writer.tally();
        } finally {
            stopped |= !done;
        }
    }

    /** Now and then makes the disk work while the others compute, so that little is left to wait for at the end. */
    private void count(long size) throws IOException {
        long now = tell(size);
        if (now / SYNC_EVERY > (now - size) / SYNC_EVERY) {
            file.sync();
        }
    }

    /** One worker at a time, or the numbers would not always rise. */
    private synchronized long tell(long size) {
        long now = fetched.addAndGet(size);
        progress.fetched(now, atMost);
        return now;
    }

    private Optional<PlanSource.Run> next() throws IOException {
        turn.lock();
        try {
            if (stopped) {
                return Optional.empty();
            }
            return moved.isPresent() ? source.next(moved.get()) : source.next();
        } finally {
            turn.unlock();
        }
    }

    /** Waits for a worker even when interrupted, since the file must not be written any more afterwards. */
    private PageTally await(Future<PageTally> future) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                    stopped = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException rethrown(Throwable failure) {
        return switch (failure) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        };
    }
}

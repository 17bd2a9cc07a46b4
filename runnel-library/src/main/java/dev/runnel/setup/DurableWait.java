package dev.runnel.setup;

import dev.runnel.engine.Engine;
import dev.runnel.ltx.Txid;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Waits until a state of one database is at all of its replicas. */
public final class DurableWait {
    /** After this time the engine is asked again which TXID it is: a change set that changes nothing gets none. */
    private static final long ASK_AGAIN = TimeUnit.SECONDS.toNanos(1);

    private final Engine engine;
    private final ChangeSignal changes;
    private final Path database;

    /**
     * @param changes wakes at everything that arrives at a replica
     * @param database its path, as the engine was given it
     */
    public DurableWait(Engine engine, ChangeSignal changes, Path database) {
        this.engine = engine;
        this.changes = changes;
        this.database = database;
    }

    /**
     * Waits for what is committed now, which is uploaded at its usual time.
     *
     * @return whether it is at every replica; false after the time limit
     * @throws IOException if the database is not followed any more
     */
    public boolean upcoming(Duration timeout) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        Txid goal;
        try {
            goal = get(asked(engine::upcoming), end);
            while (!isDurable(goal, Math.min(end, System.nanoTime() + ASK_AGAIN))) {
                Txid now = get(asked(engine::upcoming), end);
                if (goal.isAfter(now)) {
                    goal = now;
                }
            }
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Has what is committed now uploaded, and waits for it in the same way. */
    public boolean now(Duration timeout) throws IOException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            return isDurable(capture(end), end);
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Waits for a TXID in the same way. */
    public boolean txid(Txid txid, Duration timeout) throws IOException, InterruptedException {
        return isDurable(txid, System.nanoTime() + timeout.toNanos());
    }

    Txid capture(long end) throws IOException, InterruptedException, TimeoutException {
        return get(asked(engine::sync), end);
    }

    /** It may be stopped at any time, by others than those who wait. */
    private <T> T asked(Function<Path, T> question) throws IOException {
        try {
            return question.apply(database);
        } catch (IllegalArgumentException e) {
            throw new IOException(database + " is no longer followed", e);
        }
    }

    private boolean isDurable(Txid txid, long until) throws IOException, InterruptedException {
        while (true) {
            long seen = changes.changes();
            boolean isEverywhere = asked(engine::status).replicas().stream()
                    .allMatch(replica -> replica.shipped().compareTo(txid) >= 0);
            long left = until - System.nanoTime();
            if (isEverywhere || left <= 0) {
                return isEverywhere;
            }
            changes.awaitChange(seen, left);
        }
    }

    private static Txid get(Future<Txid> answer, long end) throws IOException, InterruptedException, TimeoutException {
        try {
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        }
    }
}

package dev.runnel.engine;

import dev.runnel.ledger.PageChecksumTable;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.ReadBack;
import dev.runnel.store.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the newest state that a replica holds, and takes the checksum of every page: in a thread of its own, because a
 * store may be slow, or respond to nothing. It only fills memory, and holds no file that another thread waits for.
 */
final class ReplicaReadBack implements ReadBack.PageChecksums {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaReadBack.class);

    private final Replica replica;
    private final Txid wanted;
    private final String subject;
    private final AtomicLong progress = new AtomicLong();
    private final CompletableFuture<Optional<Result>> result = new CompletableFuture<>();
    private Optional<PageChecksumTable> table = Optional.empty();

    /** The checksums of all pages as of what the plan reaches. */
    record Result(RestorePlan plan, PageChecksumTable table) implements Closeable {
        @Override
        public void close() {
            table.close();
        }
    }

    /** @param subject names the database */
    ReplicaReadBack(Replica replica, Txid wanted, String subject) {
        this.replica = replica;
        this.wanted = wanted;
        this.subject = subject;
    }

    /** Starts; the task that is returned may be interrupted. */
    Future<?> start(ExecutorService network) {
        return network.submit(this::run);
    }

    /** What came of it; empty if the replica cannot be read back. */
    CompletableFuture<Optional<Result>> result() {
        return result;
    }

    /** Rises for as long as something arrives. */
    long progress() {
        return progress.get();
    }

    private void run() {
        try {
            Optional<Result> found = read();
            if (!result.complete(found)) {
                found.ifPresent(Result::close);
            }
        } catch (ReplicaException | StoreException.Encryption e) {
            LOG.warn("{}: the replica cannot be read back: {}", subject, e.getMessage());
            result.complete(Optional.empty());
        } catch (IOException | RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    private Optional<Result> read() throws IOException {
        RestorePlan plan = replica.plan(new RestoreTarget.Latest());
        progress.incrementAndGet();
        if (!plan.reached().equals(wanted)) {
            return Optional.empty();
        }
        LOG.info("{}: reading TXID {} back from the replica to see what differs", subject, plan.reached());
        boolean done = false;
        try {
            var _ = new ReadBack(replica).read(new RestoreTarget.AtTxid(plan.reached()), this);
            done = true;
            return Optional.of(new Result(plan, table.orElseThrow()));
        } finally {
            if (!done) {
                table.ifPresent(PageChecksumTable::close);
            }
        }
    }

    @Override
    public void begin(RestorePlan plan, PageSize pageSize, int pageCount) {
        table.ifPresent(PageChecksumTable::close);
        table = Optional.of(new PageChecksumTable(pageSize, pageCount));
        progress.incrementAndGet();
    }

    @Override
    public void page(int number, long checksum) {
        table.orElseThrow().set(number, checksum);
        progress.incrementAndGet();
    }
}

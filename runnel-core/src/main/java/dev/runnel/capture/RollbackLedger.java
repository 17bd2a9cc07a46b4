package dev.runnel.capture;

import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.LedgerBuilder;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.FileState;
import dev.runnel.sqlite.RollbackFiles;
import dev.runnel.sqlite.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Builds the ledger of a database in rollback mode as of one commit. */
public final class RollbackLedger implements Closeable {
    private static final int TRIES = 4;

    private final RollbackFiles files;
    private final WholeRead reading;
    private final Target target;
    private int failed;

    /** A ledger and the state of the file that it describes. */
    public record Built(Ledger ledger, FileState state) {}

    /**
     * Begins.
     *
     * @param txid the TXID that the state it finds is to have
     */
    public RollbackLedger(RollbackFiles files, Txid txid, Disk disk, Path ledger, Clock clock) {
        this.files = files;
        this.reading = new WholeRead(files, clock);
        this.target = new Target(new PageSize(files.file().pageSize()), txid, disk, ledger);
    }

    /**
     * Reads pages under one lock.
     *
     * @return the ledger, if those were the last pages
     * @throws SourceException.Restless if the application committed in the middle, again and again
     */
    public Optional<Built> step() throws IOException {
        switch (reading.step(target)) {
            case ScanStep.UnderWay() -> {}
            case ScanStep.Interrupted() -> {
                if (++failed == TRIES) {
                    throw new SourceException.Restless(files.file().path(), WholeRead.LONGEST_HOLD.toMillis());
                }
            }
            case ScanStep.Complete(FileState state, int pageCount) -> {
                return Optional.of(new Built(target.builder().finish(pageCount), state));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        target.giveUp();
    }

    private static final class Target implements WholeRead.Target {
        private final PageSize pageSize;
        private final Txid txid;
        private final Disk disk;
        private final Path path;
        private Optional<LedgerBuilder> builder = Optional.empty();

        Target(PageSize pageSize, Txid txid, Disk disk, Path path) {
            this.pageSize = pageSize;
            this.txid = txid;
            this.disk = disk;
            this.path = path;
        }

        LedgerBuilder builder() {
            return builder.orElseThrow();
        }

        void giveUp() throws IOException {
            if (builder.isPresent()) {
                builder.get().close();
                builder = Optional.empty();
            }
        }

        @Override
        public void begin(int pageCount) throws IOException {
            giveUp();
            builder = Optional.of(Ledger.create(disk, path, pageSize, txid));
        }

        @Override
        public void page(int page, byte[] data, int offset) throws IOException {
            builder().set(page, Checksums.page(page, data, offset, pageSize.bytes()));
        }
    }
}

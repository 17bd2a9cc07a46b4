package dev.runnel.engine;

import dev.runnel.capture.AttachRules;
import dev.runnel.capture.LocalHistory;
import dev.runnel.log.LogFile;
import dev.runnel.sqlite.DatabaseFile;
import dev.runnel.sqlite.RollbackFiles;
import dev.runnel.sqlite.SourceException;
import dev.runnel.sqlite.SourceFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a database that may be attached, and joins it with what is known of it. For the disk lane. */
final class Attaching {
    private static final Logger LOG = LoggerFactory.getLogger(Attaching.class);

    /** While it waits for locks to switch, no other connection can begin to read. */
    private static final Duration SWITCHING_PATIENCE = Duration.ofMillis(100);

    private static final int TRIES_TO_SWITCH = 5;

    private final DatabaseSpec spec;
    private final EngineResources resources;
    private final HistoryOpening opening;
    private final Consumer<LogFile> onChangeSet;
    private volatile boolean inDoubt;
    private volatile boolean warned;
    private volatile boolean advised;
    private final AtomicInteger refusedSwitches = new AtomicInteger();
    private volatile boolean saidRollbackMode;

    Attaching(DatabaseSpec spec, EngineResources resources, HistoryOpening opening, Consumer<LogFile> onChangeSet) {
        this.spec = spec;
        this.resources = resources;
        this.opening = opening;
        this.onChangeSet = onChangeSet;
    }

    /**
     * After a discontinuity only a comparison of all pages tells what happened: the next attach makes one, also if Runnel
     * is killed before it.
     */
    void doubt(Optional<LocalHistory> known) {
        inDoubt = true;
        try {
            if (known.isPresent()) {
                known.get().doubt();
            }
        } catch (IOException e) {
            LOG.warn(
                    "{}: Runnel cannot record that all pages have to be compared: {}. It compares them when it attaches"
                            + " the database; do not kill Runnel before then.",
                    spec.path(),
                    e.toString());
        }
    }

    /** All pages were compared. */
    void compared() {
        inDoubt = false;
    }

    /** Attaches a database whose newest TXID is known page by page; empty if it has pages of another size now. */
    Optional<Following> resume(LocalHistory known) throws IOException {
        Source source = open();
        boolean done = false;
        try {
            if (source.pageSize() == known.ledger().pageSize().bytes()) {
                Following following = source.resume(known, inDoubt ? Optional.empty() : known.position());
                inDoubt = false;
                done = true;
                return Optional.of(following);
            }
        } finally {
            if (!done) {
                source.close();
            }
        }
        LOG.info(
                "{}: the page size is {} bytes now, not {}; history continues above TXID {} with a new snapshot",
                spec.path(),
                source.pageSize(),
                known.ledger().pageSize(),
                known.txid());
        return Optional.empty();
    }

    /** Opens a database without a ledger, to make one by reading all pages. */
    FirstScan begin(HistoryOpening.Found.Ledgerless found) throws IOException {
        Source source = found.newest().isNone() ? openFirst() : open();
        boolean done = false;
        try {
            LedgerBuilding building = source.buildLedger(HistoryOpening.scannedTxid(found), opening.ledgerPath());
            done = true;
            return new FirstScan(opening, found, source, building);
        } finally {
            if (!done) {
                source.close();
            }
        }
    }

    private Source open() throws IOException {
        return source(DatabaseFile.open(spec.path(), resources.descriptors()));
    }

    /** Opens a database of which no TXID is known anywhere: now, and never again, its journal mode is for us to choose. */
    private Source openFirst() throws IOException {
        DatabaseFile file = DatabaseFile.open(spec.path(), resources.descriptors());
        boolean done = false;
        try {
            if (spec.journal() == DatabaseSpec.Journal.WAL && !file.isInWalMode()) {
                switchToWal(new RollbackFiles(file, spec.busyTimeout()));
            }
            done = true;
        } finally {
            if (!done) {
                file.close();
            }
        }
        return source(file);
    }

    private void switchToWal(RollbackFiles files) throws IOException {
        // A hot journal is refused here; a connection that may write would roll it back.
        files.lock().close();
        try {
            LOG.info("{}: journal mode is now {}", spec.path(), files.switchToWal(SWITCHING_PATIENCE));
        } catch (SourceException.Refused e) {
            if (e.isBusy() && refusedSwitches.incrementAndGet() < TRIES_TO_SWITCH) {
                throw e;
            }
            LOG.warn("{}. It is followed in rollback mode; PRAGMA journal_mode=wal would change that.", e.reason());
        }
    }

    private Source source(DatabaseFile file) throws IOException {
        if (!advised) {
            advised = true;
            AttachRules.advice(spec.path()).ifPresent(LOG::warn);
        }
        if (!isInWalMode(file)) {
            if (!saidRollbackMode) {
                LOG.info("{}: is in rollback mode: all of its pages are compared whenever it has changed", spec.path());
            }
            saidRollbackMode = true;
            RollbackFiles files = new RollbackFiles(file, spec.busyTimeout());
            return new RollbackSource(spec, resources, onChangeSet, files);
        }
        saidRollbackMode = false;
        SourceFiles files = SourceFiles.open(file, spec.busyTimeout());
        if (file.header().isWriterFaulty() && !warned) {
            warned = true;
            LOG.warn(
                    "{}: last written by SQLite {}, which can lose committed frames when two checkpoints and a writer"
                            + " meet. Update the application to SQLite 3.51.3 or newer.",
                    spec.path(),
                    file.header().writerVersionText());
        }
        return new WalSource(spec, resources, onChangeSet, files);
    }

    private static boolean isInWalMode(DatabaseFile file) throws IOException {
        try {
            return file.isInWalMode();
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }
}

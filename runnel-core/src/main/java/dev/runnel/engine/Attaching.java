package dev.runnel.engine;

import dev.runnel.capture.Capture;
import dev.runnel.capture.CaptureStart;
import dev.runnel.capture.Continuity;
import dev.runnel.capture.LocalHistory;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceException;
import dev.runnel.sqlite.SourceFiles;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a database that may be attached, and joins it with what is known of it. For the disk lane. */
final class Attaching {
    private static final Logger LOG = LoggerFactory.getLogger(Attaching.class);

    private final DatabaseSpec spec;
    private final Machine machine;
    private final HistoryOpening opening;
    private final Runnable onChangeSet;
    private volatile boolean inDoubt;
    private volatile boolean warned;

    Attaching(DatabaseSpec spec, Machine machine, HistoryOpening opening, Runnable onChangeSet) {
        this.spec = spec;
        this.machine = machine;
        this.opening = opening;
        this.onChangeSet = onChangeSet;
    }

    /** After a discontinuity only a comparison of all pages tells what happened: the next attach makes one. */
    void doubt() {
        inDoubt = true;
    }

    /** Attaches a database whose newest TXID is known page by page. */
    Following resume(LocalHistory known) throws IOException {
        SourceFiles files = open();
        boolean done = false;
        try {
            CaptureStart start = inDoubt
                    ? new CaptureStart.Now()
                    : Continuity.from(files, known.position(), FileIdentity.of(spec.path()));
            if (start instanceof CaptureStart.Now) {
                LOG.info(
                        "{}: what happened since TXID {} is not all in the WAL; comparing pages",
                        spec.path(),
                        known.txid());
            }
            Capture capture = Capture.follow(files, start, known.ledger(), machine.disk(), spec.metaFolder());
            done = true;
            inDoubt = false;
            return new Following(spec, capture, known, machine.clock(), onChangeSet);
        } finally {
            if (!done) {
                files.close();
            }
        }
    }

    /** Attaches a database without a ledger, and makes one. */
    Following begin(HistoryOpening.Found.Ledgerless found) throws IOException {
        Capture capture = Capture.fresh(open(), machine.disk(), spec.metaFolder());
        boolean done = false;
        try {
            Optional<LocalHistory> scanned = opening.scan(capture, found);
            if (scanned.isPresent()) {
                Following following = new Following(spec, capture, scanned.get(), machine.clock(), onChangeSet);
                if (found.replica().isEmpty()) {
                    following.flushOrMark();
                }
                done = true;
                return following;
            }
        } finally {
            if (!done) {
                capture.close();
            }
        }
        Optional<LocalHistory> readBack = opening.readBack(found);
        return readBack.isPresent() ? resume(readBack.get()) : begin(opening.startOver(found));
    }

    private SourceFiles open() throws IOException {
        SourceFiles files = openInWalMode();
        if (files.header().isWriterFaulty() && !warned) {
            warned = true;
            LOG.warn(
                    "{}: last written by SQLite {}, which can lose committed frames when two checkpoints and a writer"
                            + " meet. Update the application to SQLite 3.51.3 or newer.",
                    spec.path(),
                    files.header().writerVersionText());
        }
        return files;
    }

    private SourceFiles openInWalMode() throws IOException {
        SourceFiles files = SourceFiles.open(spec.path(), machine.descriptors(), spec.busyTimeout());
        if (files.hasWal()) {
            return files;
        }
        files.close();
        if (spec.journal() == DatabaseSpec.Journal.KEEP) {
            throw new SourceException.NotInWalMode(spec.path());
        }
        String mode = SourceFiles.switchToWal(spec.path(), spec.busyTimeout());
        LOG.info("{}: journal mode is now {}", spec.path(), mode);
        return SourceFiles.open(spec.path(), machine.descriptors(), spec.busyTimeout());
    }
}

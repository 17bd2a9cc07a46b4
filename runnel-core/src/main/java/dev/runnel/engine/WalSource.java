package dev.runnel.engine;

import dev.runnel.capture.Capture;
import dev.runnel.capture.CaptureStart;
import dev.runnel.capture.Continuity;
import dev.runnel.capture.LedgerScan;
import dev.runnel.capture.LocalHistory;
import dev.runnel.log.LogFile;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Txid;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database in WAL mode. */
final class WalSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(WalSource.class);
    private static final long KEPT_LIMIT = 4L << 30;

    private final DatabaseSpec spec;
    private final EngineResources resources;
    private final Consumer<LogFile> onChangeSet;
    private final SourceFiles files;

    /** From here on nothing is lost until it is made. */
    private Optional<Capture> capture = Optional.empty();

    WalSource(DatabaseSpec spec, EngineResources resources, Consumer<LogFile> onChangeSet, SourceFiles files) {
        this.spec = spec;
        this.resources = resources;
        this.onChangeSet = onChangeSet;
        this.files = files;
    }

    @Override
    public int pageSize() {
        return files.pageSize();
    }

    @Override
    public LedgerBuilding buildLedger(Txid txid, Path ledger) throws IOException {
        Capture fresh = Capture.fresh(files, resources.disk(), spec.metaFolder());
        capture = Optional.of(fresh);
        LedgerScan scan = new LedgerScan(
                fresh,
                txid,
                resources.disk(),
                ledger,
                KEPT_LIMIT,
                resources.threads().compute());
        return new WalLedgerBuilding(spec, fresh, scan, resources.clock());
    }

    @Override
    public Following begin(LocalHistory history) {
        return new WalFollowing(spec, capture.orElseThrow(), history, resources.clock(), onChangeSet);
    }

    @Override
    public Following resume(LocalHistory known, Optional<SourcePosition> position) throws IOException {
        FileIdentity now =
                files.file().current().orElseGet(() -> files.file().opened().withoutTime());
        CaptureStart start = Continuity.from(files, position, now);
        if (start instanceof CaptureStart.Now) {
            LOG.info(
                    "{}: the WAL does not hold every change since TXID {}; comparing pages", spec.path(), known.txid());
        }
        capture = Optional.of(Capture.follow(files, start, known.ledger(), resources.disk(), spec.metaFolder()));
        return begin(known);
    }

    @Override
    public void close() throws IOException {
        if (capture.isPresent()) {
            capture.get().close();
        } else {
            files.close();
        }
    }
}

package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.capture.RollbackCapture;
import dev.runnel.capture.RollbackLedger;
import dev.runnel.ledger.Ledger;
import dev.runnel.log.LogFile;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Txid;
import dev.runnel.sqlite.FileState;
import dev.runnel.sqlite.RollbackFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** A database in rollback mode. */
final class RollbackSource implements Source {
    private final DatabaseSpec spec;
    private final EngineResources resources;
    private final Consumer<LogFile> onChangeSet;
    private final RollbackFiles files;

    /** Of the file, as the ledger that was made here describes it. */
    private Optional<FileState> described = Optional.empty();

    RollbackSource(DatabaseSpec spec, EngineResources resources, Consumer<LogFile> onChangeSet, RollbackFiles files) {
        this.spec = spec;
        this.resources = resources;
        this.onChangeSet = onChangeSet;
        this.files = files;
    }

    @Override
    public int pageSize() {
        return files.file().pageSize();
    }

    @Override
    public LedgerBuilding buildLedger(Txid txid, Path ledger) {
        RollbackLedger making = new RollbackLedger(files, txid, resources.disk(), ledger, resources.clock());
        return new LedgerBuilding() {
            @Override
            public String doing() {
                return "reading all pages of " + spec.path();
            }

            @Override
            public Optional<Ledger> step() throws IOException {
                Optional<RollbackLedger.Built> built = making.step();
                described = built.map(RollbackLedger.Built::state);
                return built.map(RollbackLedger.Built::ledger);
            }

            @Override
            public void close() throws IOException {
                making.close();
            }
        };
    }

    @Override
    public Following begin(LocalHistory history) throws IOException {
        RollbackCapture capture = new RollbackCapture(
                files, described, history.ledger(), resources.clock(), resources.disk(), spec.metaFolder());
        return new RollbackFollowing(spec, capture, history, resources.clock(), onChangeSet);
    }

    /** If nothing was done to the file since, it is what the ledger describes; else a scan is due. */
    @Override
    public Following resume(LocalHistory history, Optional<SourcePosition> position) throws IOException {
        FileState now = files.state();
        described = position.filter(at -> at.wal().isEmpty())
                .filter(at -> now.identity().isUntouchedSince(at.database()))
                .map(_ -> now);
        return begin(history);
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}

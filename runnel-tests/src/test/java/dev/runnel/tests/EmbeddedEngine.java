package dev.runnel.tests;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.Engine;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.sqlite.Embedding;
import dev.runnel.store.FolderStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The engine in this JVM, on one database with one replica in a folder. */
final class EmbeddedEngine implements AutoCloseable {
    private static final Duration BUDGET = Duration.ofSeconds(30);

    private final ExecutorService compressors = Executors.newFixedThreadPool(2);
    private final Engine engine;

    private EmbeddedEngine(Path database, Path replica, Embedding embedding) throws IOException {
        Disk disk = Disk.system();
        BaselineEncoding encoding =
                new BaselineEncoding(compressors, 4, Scratch.at(disk, replica.resolveSibling("baseline.index")));
        LtxReplica history = new LtxReplica(new FolderStore(disk, replica), LtxKeys.folder(), encoding);
        List<Path> folders =
                LtxKeys.folder().folders().stream().map(replica::resolve).toList();
        DatabaseSpec spec =
                DatabaseSpec.of(database, List.of(new DatabaseSpec.ReplicaSpec("folder", history, folders)));
        engine = Engine.start(List.of(spec), embedding);
    }

    static EmbeddedEngine start(Path database, Path replica) throws IOException {
        return new EmbeddedEngine(database, replica, Embedding.EMBEDDED);
    }

    static EmbeddedEngine startAlone(Path database, Path replica) throws IOException {
        return new EmbeddedEngine(database, replica, Embedding.ALONE);
    }

    Engine.DatabaseStatus status() {
        return engine.status().getFirst();
    }

    Engine.ShutdownReport stop() {
        try {
            return engine.stop(BUDGET);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        engine.close();
        compressors.shutdownNow();
    }
}

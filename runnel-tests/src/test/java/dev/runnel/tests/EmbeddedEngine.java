package dev.runnel.tests;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineSettings;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.platform.FolderWatch;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.sqlite.Embedding;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.oracle.ReplicaOracle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/** The engine in this JVM, beside an application that is in this JVM, too. What waits looks at the first replica. */
final class EmbeddedEngine implements EngineUnderTest {
    private static final Duration BUDGET = Duration.ofSeconds(30);
    private static final int BATCHES = 4;

    private final ExecutorService compressors = Executors.newFixedThreadPool(2);
    private final ReplicaOracle replica;
    private final Engine engine;

    private EmbeddedEngine(
            Path database,
            List<Path> folders,
            UnaryOperator<ObjectStore> decorate,
            Embedding embedding,
            FolderWatch watch)
            throws IOException {
        this.replica = new ReplicaOracle(folders.getFirst());
        List<DatabaseSpec.ReplicaSpec> replicas =
                folders.stream().map(folder -> replica(folder, decorate)).toList();
        this.engine = Engine.start(
                List.of(DatabaseSpec.of(database, replicas)),
                EngineSettings.of(embedding).withFolders(watch));
    }

    private DatabaseSpec.ReplicaSpec replica(Path folder, UnaryOperator<ObjectStore> decorate) {
        Disk disk = Disk.system();
        Path index = folder.resolveSibling(folder.getFileName() + "-baseline.index");
        BaselineEncoding encoding = new BaselineEncoding(compressors, BATCHES, Scratch.at(disk, index));
        LtxReplica history = new LtxReplica(decorate.apply(new FolderStore(disk, folder)), LtxKeys.folder(), encoding);
        return new DatabaseSpec.ReplicaSpec(
                folder.toString(), history, LtxKeys.folder().below(folder), DatabaseSpec.ListingIntervals.OFTEN);
    }

    static EmbeddedEngine start(Path database, Path... replicas) {
        return start(database, List.of(replicas), UnaryOperator.identity());
    }

    /** Starts it with something between it and the folders of its replicas. */
    static EmbeddedEngine start(Path database, List<Path> replicas, UnaryOperator<ObjectStore> decorate) {
        return start(database, replicas, decorate, Embedding.EMBEDDED, FolderWatch.system());
    }

    /** Starts it for an application in another process, and with other folder events than the machine's. */
    static EmbeddedEngine startAlone(Path database, Path replica, FolderWatch watch) {
        return start(database, List.of(replica), UnaryOperator.identity(), Embedding.ALONE, watch);
    }

    private static EmbeddedEngine start(
            Path database,
            List<Path> replicas,
            UnaryOperator<ObjectStore> decorate,
            Embedding embedding,
            FolderWatch watch) {
        try {
            return new EmbeddedEngine(database, replicas, decorate, embedding, watch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ReplicaOracle replica() {
        return replica;
    }

    @Override
    public void assertAlive() {
        Engine.DatabaseStatus status = engine.status().getFirst();
        if (status.health() instanceof Health.Stopped) {
            throw new Ended("the engine has stopped: " + status);
        }
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public String log() {
        return engine.status().toString();
    }

    @Override
    public int stop() {
        try {
            return engine.stop(BUDGET).isEverythingShipped() ? 0 : 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            engine.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            compressors.shutdownNow();
        }
    }
}

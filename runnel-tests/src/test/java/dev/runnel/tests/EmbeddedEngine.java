package dev.runnel.tests;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.Engine;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
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

/** The engine in this JVM, beside an application that is in this JVM, too. */
final class EmbeddedEngine implements EngineUnderTest {
    private static final Duration BUDGET = Duration.ofSeconds(30);
    private static final int BATCHES = 4;

    private final ExecutorService compressors = Executors.newFixedThreadPool(2);
    private final ReplicaOracle replica;
    private final Engine engine;

    private EmbeddedEngine(Path database, Path replica, UnaryOperator<ObjectStore> decorate) throws IOException {
        Disk disk = Disk.system();
        BaselineEncoding encoding =
                new BaselineEncoding(compressors, BATCHES, Scratch.at(disk, replica.resolveSibling("baseline.index")));
        LtxReplica history = new LtxReplica(decorate.apply(new FolderStore(disk, replica)), LtxKeys.folder(), encoding);
        List<Path> folders =
                LtxKeys.folder().folders().stream().map(replica::resolve).toList();
        DatabaseSpec spec =
                DatabaseSpec.of(database, List.of(new DatabaseSpec.ReplicaSpec("folder", history, folders)));
        this.replica = new ReplicaOracle(replica);
        this.engine = Engine.start(List.of(spec), Embedding.EMBEDDED);
    }

    static EmbeddedEngine start(Path database, Path replica) {
        return start(database, replica, UnaryOperator.identity());
    }

    /** Starts it with something between it and the replica's folder. */
    static EmbeddedEngine start(Path database, Path replica, UnaryOperator<ObjectStore> decorate) {
        try {
            return new EmbeddedEngine(database, replica, decorate);
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

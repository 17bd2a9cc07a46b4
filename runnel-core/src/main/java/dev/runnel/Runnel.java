package dev.runnel;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.Engine;
import dev.runnel.location.FolderLocation;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Threads;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.FolderReplica;
import dev.runnel.sqlite.Embedding;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runnel inside an application: follows databases that the application uses, in the same process.
 *
 * <pre>{@code
 * try (Runnel runnel = Runnel.builder().database(Path.of("app.db"), Path.of("/backup/app")).start()) {
 *     runApplication();
 * }
 * }</pre>
 *
 * <p>POSIX drops all of a process's locks on a file when the process closes any descriptor of it. So an application that
 * embeds Runnel uses one SQLite library, the sqlite-jdbc on its class path, and never opens its database files, or their
 * {@code -shm}, by other means: no copying, no reading, no checksumming of the live file.
 */
public final class Runnel implements Closeable {
    private static final Duration LAST_SYNC = Duration.ofSeconds(30);
    private static final int BATCHES = 4;

    private final Engine engine;
    private final Threads threads;

    private Runnel(Engine engine, Threads threads) {
        this.engine = engine;
        this.threads = threads;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What to follow, and where to. */
    public static final class Builder {
        private record Pair(Path database, Path replica) {}

        private final List<Pair> pairs = new ArrayList<>();

        private Builder() {}

        /** Adds a database and the folder that its history goes to. */
        public Builder database(Path database, Path replica) {
            pairs.add(new Pair(
                    database.toAbsolutePath().normalize(),
                    replica.toAbsolutePath().normalize()));
            return this;
        }

        /** Starts. A database or a replica that is in trouble does not keep this from succeeding; see {@link Runnel#status}. */
        public Runnel start() throws IOException {
            Threads threads = Threads.system();
            List<DatabaseSpec> specs =
                    pairs.stream().map(pair -> spec(pair, threads)).toList();
            return new Runnel(Engine.start(specs, Embedding.EMBEDDED), threads);
        }

        private static DatabaseSpec spec(Pair pair, Threads threads) {
            Path scratch = DatabaseSpec.defaultMetaFolder(pair.database()).resolve("baseline-index.tmp");
            BaselineEncoding encoding =
                    new BaselineEncoding(threads.compute(), BATCHES, Scratch.at(Disk.system(), scratch));
            DatabaseSpec.ReplicaSpec replica = new DatabaseSpec.ReplicaSpec(
                    pair.replica().toString(),
                    new FolderLocation(pair.replica()).failureDomain(),
                    FolderReplica.at(Disk.system(), pair.replica(), encoding),
                    FolderReplica.folders(pair.replica()),
                    DatabaseSpec.Looks.OFTEN);
            return DatabaseSpec.of(pair.database(), List.of(replica));
        }
    }

    /** How every database and every replica is doing. */
    public List<Engine.DatabaseStatus> status() {
        return engine.status();
    }

    /** Captures the rest, ships it, and ends; what could not be shipped within the budget is said. */
    public Engine.ShutdownReport stop(Duration budget) throws IOException {
        try {
            return engine.stop(budget);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted during the last sync");
        } finally {
            engine.close();
            threads.close();
        }
    }

    /** Stops, with half a minute for the last sync. */
    @Override
    public void close() throws IOException {
        stop(LAST_SYNC);
    }
}

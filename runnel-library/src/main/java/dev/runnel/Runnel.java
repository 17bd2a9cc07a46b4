package dev.runnel;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineSettings;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.setup.Claims;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DatabaseSpecs;
import dev.runnel.setup.DurableWait;
import dev.runnel.setup.Locations;
import dev.runnel.setup.Replicas;
import dev.runnel.sqlite.Embedding;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Runnel inside an application: follows databases that the application uses, in the same process, and ships every committed
 * change to their replicas.
 *
 * {@snippet id="follow" lang="java" :
 * try (Runnel runnel = Runnel.builder().database(Path.of("orders.db"), "s3://backup/orders").start();
 *         Connection orders = DriverManager.getConnection("jdbc:sqlite:orders.db");
 *         Statement statement = orders.createStatement()) {
 *     statement.execute("create table if not exists invoice(id integer primary key, amount)");
 *     statement.execute("insert into invoice(amount) values (100)");
 *     if (!runnel.awaitDurable(Path.of("orders.db"), Duration.ofSeconds(30))) {
 *         System.out.println("not at the replica yet: " + runnel.status());
 *     }
 * }
 * }
 *
 * <p>A restored state proves itself by its checksum before it gets its name:
 *
 * {@snippet id="restore" lang="java" :
 * RestoreRequest request = Runnel.restore(Path.of("copy.db"), "s3://backup/orders").checkIntegrity();
 * System.out.println("would restore " + request.plan());
 * RestoredDatabase restored = request.run();
 * System.out.println("restored " + restored.point() + " of " + restored.time());
 * }
 *
 * <p>POSIX drops all of a process's locks on a file when the process closes any descriptor of it. So an application that
 * embeds Runnel uses one SQLite library, the sqlite-jdbc on its class path, and never opens its database files, or their
 * {@code -shm}, by other means: no copying, no reading, no checksumming of the live file.
 *
 * <p>All methods may be called by any thread.
 */
public final class Runnel implements Closeable {
    private static final Duration LAST_SYNC = Duration.ofSeconds(30);

    private final Engine engine;
    private final EngineEvents events;
    private final Replicas replicas;

    private Runnel(Engine engine, EngineEvents events, Replicas replicas) {
        this.engine = engine;
        this.events = events;
        this.replicas = replicas;
    }

    /** What is to be followed, and how. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A restore of a database from the newest of some replicas; it begins when it is run.
     *
     * @param output the database to make
     * @param urls of replicas; at least one
     */
    public static RestoreRequest restore(Path output, String... urls) {
        return restore(output, Arrays.stream(urls).map(ReplicaOptions::at).toArray(ReplicaOptions[]::new));
    }

    /**
     * A restore of a database from the newest of some replicas; it begins when it is run.
     *
     * @param output the database to make
     * @param from at least one replica
     * @throws IllegalArgumentException if one is no location
     */
    public static RestoreRequest restore(Path output, ReplicaOptions... from) {
        if (from.length == 0) {
            throw new IllegalArgumentException("a restore needs a replica");
        }
        Locations locations = locations();
        return new RestoreRequest(
                output.toAbsolutePath().normalize(),
                Arrays.stream(from).map(replica -> replica.config(locations)).toList());
    }

    private static Locations locations() {
        return new Locations(Path.of("").toAbsolutePath(), Path.of(System.getProperty("user.home")), System.getenv());
    }

    /** What to follow, which listeners to notify, and what Runnel works with. */
    public static final class Builder {
        private final List<DatabaseOptions> databases = new ArrayList<>();
        private final List<RunnelListener> listeners = new ArrayList<>();
        private Clock clock = Clock.system();
        private Optional<ExecutorService> executor = Optional.empty();

        private Builder() {}

        /** Adds a database with one replica in a folder. */
        public Builder database(Path database, Path replica) {
            return database(DatabaseOptions.at(database).replica(replica));
        }

        /** Adds a database with one replica at a URL. */
        public Builder database(Path database, String replicaUrl) {
            return database(DatabaseOptions.at(database).replica(replicaUrl));
        }

        /** Adds a database. */
        public Builder database(DatabaseOptions database) {
            databases.add(database);
            return this;
        }

        /** Adds a listener. */
        public Builder listener(RunnelListener listener) {
            listeners.add(listener);
            return this;
        }

        /** Gives the times that are written into history. Waits still go by the machine's monotonic clock. */
        public Builder clock(InstantSource wall) {
            clock = Clock.withTimeOf(wall);
            return this;
        }

        /**
         * Runs what waits long: one task for each database and each replica for as long as Runnel runs, and what these
         * begin. So it has threads for all of them, such as an executor of virtual threads. It stays the caller's to close,
         * after Runnel.
         */
        public Builder executor(ExecutorService threads) {
            executor = Optional.of(threads);
            return this;
        }

        /**
         * Starts. A database or a replica that fails does not keep this from succeeding; see {@link Runnel#status}.
         *
         * @throws IllegalArgumentException if a database is named twice, has no replica, or has one that is no location
         * @throws IOException if a database that is missing and to be restored cannot be
         */
        public Runnel start() throws IOException {
            List<DatabaseConfig> configs = configs();
            EngineEvents events = new EngineEvents(listeners);
            Replicas replicas = new Replicas(Disk.system(), clock, System.getenv());
            boolean isStarted = false;
            try {
                for (int i = 0; i < configs.size(); i++) {
                    if (databases.get(i).restoresIfMissing()) {
                        restoreIfMissing(configs.get(i), events);
                    }
                }
                DatabaseSpecs specs = new DatabaseSpecs(replicas);
                List<DatabaseSpec> followed = configs.stream().map(specs::of).toList();
                Runnel runnel = new Runnel(Engine.start(followed, settings(events)), events, replicas);
                isStarted = true;
                return runnel;
            } finally {
                if (!isStarted) {
                    events.close();
                    replicas.close();
                }
            }
        }

        private EngineSettings settings(EngineEvents events) {
            EngineSettings settings =
                    EngineSettings.of(Embedding.EMBEDDED).withClock(clock).withListener(events);
            return executor.map(settings::withLoops).orElse(settings);
        }

        private List<DatabaseConfig> configs() {
            Locations locations = locations();
            Claims paths = new Claims();
            Claims metaFolders = new Claims();
            List<DatabaseConfig> configs = new ArrayList<>();
            for (DatabaseOptions database : databases) {
                DatabaseConfig config = database.config(locations);
                String path = config.path().toString();
                paths.take(config.path(), path).ifPresent(other -> {
                    throw new IllegalArgumentException(
                            other.equals(path) ? path + " is named twice" : path + " and " + other + " are one file");
                });
                metaFolders.take(config.metaFolder(), path).ifPresent(other -> {
                    throw new IllegalArgumentException(path + " and " + other + " have the same meta folder");
                });
                configs.add(config);
            }
            return configs;
        }

        private static void restoreIfMissing(DatabaseConfig database, EngineEvents events) throws IOException {
            new RestoreRequest(database.path(), database.replicas())
                    .runIfMissing()
                    .ifPresent(result -> events.tell(new RunnelEvent.Restored(database.path(), result)));
        }
    }

    /** How every database and every replica is doing. */
    public List<DatabaseStatus> status() {
        return engine.status().stream().map(DatabaseStatus::of).toList();
    }

    /**
     * How one database is doing.
     *
     * @throws IllegalArgumentException if it is not followed
     */
    public DatabaseStatus status(Path database) {
        return DatabaseStatus.of(engine.status(followed(database)));
    }

    /**
     * Waits until everything that is committed now is at every replica. Forces nothing: it is uploaded when it would have
     * been without this.
     *
     * @return whether it is; false after the time limit
     * @throws IllegalArgumentException if the database is not followed
     * @throws IOException if it is not followed any more
     */
    public boolean awaitDurable(Path database, Duration timeout) throws IOException, InterruptedException {
        return await(database).upcoming(timeout);
    }

    /**
     * Captures everything that is committed now, has it uploaded, and waits until it is at every replica.
     *
     * @return whether it is; false after the time limit
     * @throws IllegalArgumentException if the database is not followed
     * @throws IOException if it is not followed any more
     */
    public boolean syncNow(Path database, Duration timeout) throws IOException, InterruptedException {
        return await(database).now(timeout);
    }

    private DurableWait await(Path database) {
        Path path = followed(database);
        var _ = engine.status(path);
        return new DurableWait(engine, events.signal(), path);
    }

    private static Path followed(Path database) {
        return database.toAbsolutePath().normalize();
    }

    /**
     * Captures the rest, ships it, and ends.
     *
     * @param limit how long that may take
     */
    public CloseReport close(Duration limit) throws IOException {
        try {
            return new CloseReport(engine.stop(limit).behind());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted during the last sync");
        } finally {
            engine.close();
            events.close();
            replicas.close();
        }
    }

    /** The same with half a minute. */
    @Override
    public void close() throws IOException {
        var _ = close(LAST_SYNC);
    }
}

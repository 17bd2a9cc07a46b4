package dev.runnel.setup;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.Engine;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.Engine.ShutdownReport;
import dev.runnel.engine.EngineSettings;
import dev.runnel.log.LoggedStates;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.RealPath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases that a process knows, each of which is followed or has been stopped. They can be added, stopped, started and
 * removed while the others are followed. A database is known by its path, and found by any name that leads to it.
 *
 * <p>All methods may be called by any thread. What ends a database waits for its last sync and keeps no other database
 * waiting.
 */
public final class FollowedDatabases implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedDatabases.class);

    private final Engine engine;
    private final DatabaseSpecs specs;
    private final Shipments shipments;
    private final Map<Path, DatabaseConfig> known = new LinkedHashMap<>();
    private final Map<Path, Places> taken = new HashMap<>();
    private final Set<Path> ending = new HashSet<>();
    private boolean isStopping;

    /** One database, and how it is doing if it is followed. */
    public record Entry(DatabaseConfig config, Optional<DatabaseStatus> status, Optional<Instant> lastSync) {
        public Path path() {
            return config.path();
        }

        /** The newest TXID; 0 if there is none, or if it is not followed. */
        public Txid newest() {
            return status.map(DatabaseStatus::newest).orElse(Txid.NONE);
        }

        /** What every replica has. */
        public Txid shipped() {
            return status.stream()
                    .flatMap(followed -> followed.replicas().stream())
                    .map(Engine.ReplicaStatus::shipped)
                    .min(Txid::compareTo)
                    .orElse(Txid.NONE);
        }
    }

    private FollowedDatabases(Engine engine, DatabaseSpecs specs, Shipments shipments) {
        this.engine = engine;
        this.specs = specs;
        this.shipments = shipments;
    }

    /** Starts to follow databases. Those without a replica are left out. */
    public static FollowedDatabases start(List<DatabaseConfig> configs, DatabaseSpecs specs, EngineSettings settings)
            throws IOException {
        Shipments shipments = new Shipments(settings.clock());
        List<DatabaseConfig> replicated =
                configs.stream().filter(config -> !config.replicas().isEmpty()).toList();
        Engine engine = Engine.start(replicated.stream().map(specs::of).toList(), settings.withListener(shipments));
        FollowedDatabases followed = new FollowedDatabases(engine, specs, shipments);
        replicated.forEach(config -> followed.remember(config, Places.of(config)));
        return followed;
    }

    /** What follows them. */
    public Engine engine() {
        return engine;
    }

    /** All of them, in the order in which they became known. */
    public List<Entry> list() {
        Map<Path, DatabaseStatus> followed = new LinkedHashMap<>();
        engine.status().forEach(status -> followed.put(status.path(), status));
        return databases().stream()
                .map(config -> new Entry(config, Optional.ofNullable(followed.get(config.path())), lastSync(config)))
                .toList();
    }

    /** The settings of all of them. */
    public synchronized List<DatabaseConfig> databases() {
        return List.copyOf(known.values());
    }

    /** When the replica that was served last got something. */
    private Optional<Instant> lastSync(DatabaseConfig config) {
        return config.replicas().stream()
                .flatMap(replica -> lastSync(config.path(), replica.location().display()).stream())
                .max(Instant::compareTo);
    }

    /** All of them that exist, and which file each is; see {@link DatabaseFolder#scan}. */
    public Map<Path, Object> files() throws IOException {
        Map<Path, Object> files = new LinkedHashMap<>();
        for (DatabaseConfig config : databases()) {
            Path path = config.path();
            if (Files.exists(path)) {
                files.put(path, DatabaseFolder.fileOf(path, Files.readAttributes(path, BasicFileAttributes.class)));
            }
        }
        return files;
    }

    /** Whether there is one with this very path. */
    synchronized boolean isKnown(Path path) {
        return known.containsKey(path);
    }

    /** One of them. */
    public Optional<Entry> find(Path path) {
        Path real = RealPath.of(path);
        List<Entry> all = list();
        return all.stream()
                .filter(entry -> entry.path().equals(path))
                .findFirst()
                .or(() -> all.stream()
                        .filter(entry -> RealPath.of(entry.path()).equals(real))
                        .findFirst());
    }

    /**
     * Adds a database and follows it.
     *
     * @return false if it is known with these replicas
     * @throws ConflictException if it is known with others or is being stopped, or if another database has its meta folder or
     *     one of its replicas
     */
    public synchronized boolean register(DatabaseConfig added) throws ConflictException {
        requireRunning();
        Places places = Places.of(added);
        Optional<Path> same = known.keySet().stream()
                .filter(path -> at(path).database().equals(places.database()))
                .findFirst();
        if (same.isPresent()) {
            requireNotEnding(same.get());
            if (at(same.get()).replicas().equals(places.replicas())) {
                return false;
            }
            throw new ConflictException(
                    added.path() + " is registered already, with other replicas: "
                            + String.join(", ", displayed(config(same.get()))),
                    "Unregister it first.");
        }
        for (DatabaseConfig other : known.values()) {
            Places taken = at(other.path());
            if (taken.replicas().stream().anyMatch(places.replicas()::contains)) {
                throw new ConflictException(
                        other.path() + " is replicated there already, and two databases cannot share a replica",
                        "Give " + added.path() + " a location of its own.");
            }
            if (taken.metaFolder().equals(places.metaFolder())) {
                throw new ConflictException(
                        other.path() + " has the meta folder " + other.metaFolder() + " already",
                        "Give " + added.path() + " another name.");
            }
        }
        engine.add(specs.of(added));
        remember(added, places);
        return true;
    }

    private void remember(DatabaseConfig config, Places places) {
        known.put(config.path(), config);
        taken.put(config.path(), places);
    }

    private Places at(Path path) {
        return Objects.requireNonNull(taken.get(path), "known");
    }

    private DatabaseConfig config(Path path) {
        return Objects.requireNonNull(known.get(path), "known");
    }

    /**
     * What a database has for itself, whatever links lead there. It is found out once: with thousands of databases, asking the
     * disk again about all of them for each that is added takes longer than following it.
     */
    private record Places(Path database, Path metaFolder, List<String> replicas) {
        static Places of(DatabaseConfig config) {
            return new Places(
                    RealPath.of(config.path()),
                    RealPath.of(config.metaFolder()),
                    config.replicas().stream()
                            .map(replica -> replica.location().identity())
                            .toList());
        }
    }

    private static List<String> displayed(DatabaseConfig config) {
        return config.replicas().stream()
                .map(replica -> replica.location().display())
                .toList();
    }

    /**
     * Follows a database that was stopped.
     *
     * @return false if it is followed
     * @throws ConflictException if it is being stopped, or is not known any more: it would be followed, and no list would
     *     have it
     */
    public synchronized boolean start(DatabaseConfig config) throws ConflictException {
        requireRunning();
        requireNotEnding(config.path());
        if (!known.containsKey(config.path())) {
            throw new ConflictException(config.path() + " has been unregistered", "Register it again.");
        }
        if (isFollowed(config.path())) {
            return false;
        }
        engine.add(specs.of(config));
        return true;
    }

    /**
     * Does a last sync of a database, and ends following it; it stays known.
     *
     * @param limit how long the last sync may take
     * @return what is not at its replicas; empty if it is not followed
     * @throws ConflictException if it is being stopped
     */
    public Optional<ShutdownReport> stop(DatabaseConfig config, Duration limit)
            throws ConflictException, InterruptedException {
        return end(config, limit, () -> {});
    }

    /** @param last done before anything else can be asked about this database */
    private Optional<ShutdownReport> end(DatabaseConfig config, Duration limit, Runnable last)
            throws ConflictException, InterruptedException {
        synchronized (this) {
            requireNotEnding(config.path());
            if (!isFollowed(config.path())) {
                last.run();
                return Optional.empty();
            }
            ending.add(config.path());
        }
        try {
            ShutdownReport report = engine.remove(config.path(), limit);
            synchronized (this) {
                last.run();
            }
            return Optional.of(report);
        } finally {
            synchronized (this) {
                ending.remove(config.path());
            }
            shipments.signal().wake();
        }
    }

    private void requireRunning() throws ConflictException {
        if (isStopping) {
            throw new ConflictException("Runnel is shutting down", "Start it again.");
        }
    }

    private void requireNotEnding(Path database) throws ConflictException {
        if (ending.contains(database)) {
            throw new ConflictException(database + " is being stopped", "Try again when that is done.");
        }
    }

    /** Forgets a database, after a stop. What is at its replicas stays. */
    public Optional<ShutdownReport> unregister(DatabaseConfig config, Duration limit)
            throws ConflictException, InterruptedException {
        return end(config, limit, () -> {
            known.remove(config.path());
            taken.remove(config.path());
            shipments.forget(config.path());
        });
    }

    /** Forgets a database that is not wanted any more, and says in the log what is not at its replicas. */
    public void drop(DatabaseConfig config, Duration limit) throws ConflictException, InterruptedException {
        unregister(config, limit)
                .filter(report -> !report.isEverythingShipped())
                .ifPresent(report -> LOG.warn("{}", String.join("; ", report.behind())));
        LOG.atInfo().addKeyValue("path", config.path()).log("removed database from replication");
    }

    private boolean isFollowed(Path path) {
        return engine.status().stream().anyMatch(status -> status.path().equals(path));
    }

    /**
     * The newest TXID of a database, also if it is not followed now, or was not read yet.
     *
     * @throws IOException if the change log cannot be read
     */
    public Txid newest(Entry entry) throws IOException {
        Path log = DatabaseSpec.logFolder(entry.config().metaFolder());
        Txid recorded = new LoggedStates(Disk.system(), log).newest().orElse(Txid.NONE);
        return recorded.isAfter(entry.newest()) ? recorded : entry.newest();
    }

    /** When a replica was last seen to be complete up to a higher TXID; empty if never in this process. */
    public Optional<Instant> lastSync(Path database, String replica) {
        return shipments.last(database, replica);
    }

    /** Waits until things are at the replicas of a database. */
    public DurableWait await(DatabaseConfig config) {
        return new DurableWait(engine, shipments.signal(), config.path());
    }

    /**
     * Captures everything that is committed now, and has it uploaded.
     *
     * @return its TXID
     * @throws TimeoutException after the time limit
     * @throws IOException if the database is not followed any more
     */
    public Txid capture(DatabaseConfig config, Duration limit)
            throws IOException, InterruptedException, TimeoutException {
        return await(config).capture(System.nanoTime() + limit.toNanos());
    }

    /**
     * Captures the rest of all databases, ships it, and ends. From now on none can be added.
     *
     * @param budget how long that may take
     */
    public ShutdownReport stop(Duration budget) throws InterruptedException {
        synchronized (this) {
            isStopping = true;
        }
        return engine.stop(budget);
    }

    @Override
    public void close() throws IOException {
        engine.close();
    }
}

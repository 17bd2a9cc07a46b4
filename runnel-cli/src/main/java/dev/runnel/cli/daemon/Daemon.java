package dev.runnel.cli.daemon;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.config.Notice;
import dev.runnel.cli.heartbeat.Heartbeats;
import dev.runnel.cli.metrics.Metrics;
import dev.runnel.cli.metrics.MetricsServer;
import dev.runnel.cli.metrics.Verifications;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.DatabaseSpec.ReplicaSpec;
import dev.runnel.engine.Engine;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.EngineSettings;
import dev.runnel.engine.Health;
import dev.runnel.platform.Clock;
import dev.runnel.setup.DatabaseSpecs;
import dev.runnel.setup.Replicas;
import dev.runnel.setup.VerificationSchedule;
import dev.runnel.sqlite.Embedding;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the databases of a configuration until a signal, or until there is none left that can be followed. */
public final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** How long a run with -once waits for a failure to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int LOOKS_A_LOOK_AT_MEMORY = 10;
    private static final int LOOKS_A_SUMMARY = 3600;

    private final Config config;
    private final DatabaseSpecs databases;
    private final Replicas replicas;

    /**
     * @param config has at least one database with a replica; one without is not followed
     * @param databases makes what the engine follows
     * @param replicas where the databases are replicated to
     */
    public Daemon(Config config, DatabaseSpecs databases, Replicas replicas) {
        this.config = config;
        this.databases = databases;
        this.replicas = replicas;
    }

    /** How it ended. */
    public enum End {
        /** Everything is at the replicas. */
        COMPLETE,
        /** Something is not; the log says what. */
        INCOMPLETE
    }

    /** Runs until a signal, and returns whether everything is at the replicas then. */
    public End run(String version, Stop stop) throws IOException, InterruptedException {
        Verifications verifications = new Verifications(Clock.system());
        try (Engine engine = start(version);
                VerificationSchedule _ = VerificationSchedule.start(
                        replicas, Clock.system(), config.databases(), new VerificationLog().and(verifications));
                Closeable _ = Heartbeats.start(config.heartbeats(), engine, Clock.system());
                Closeable _ = serve(new Metrics(engine, replicas, verifications, Clock.system()))) {
            IdleMemory memory = new IdleMemory();
            for (int looks = 1; !stop.await(LOOK); looks++) {
                if (looks % LOOKS_A_LOOK_AT_MEMORY == 0) {
                    memory.look();
                }
                if (looks % LOOKS_A_SUMMARY == 0) {
                    engine.status().forEach(Daemon::summarize);
                }
                if (isEverythingStopped(engine)) {
                    LOG.error("no database can be followed");
                    return End.INCOMPLETE;
                }
            }
            LOG.info("shutting down; a second signal ends at once");
            return end(missing(engine.stop(config.shutdownSyncTimeout()), engine.status()));
        }
    }

    /** Brings every replica up to date, does what else is asked for, and says whether everything is at the replicas then. */
    public End runOnce(String version) throws IOException, InterruptedException {
        try (Engine engine = start(version)) {
            Engine.ShutdownReport shipped = engine.complete(PATIENCE);
            return end(missing(shipped, engine.status()));
        }
    }

    /** Databases are not left without a replica because of a port. */
    private Closeable serve(Metrics metrics) {
        if (config.metricsAddress().isEmpty()) {
            return () -> {};
        }
        InetSocketAddress address = config.metricsAddress().get();
        try {
            MetricsServer server = MetricsServer.start(address, metrics);
            String host = address.getAddress().isAnyLocalAddress() ? "localhost" : address.getHostString();
            LOG.atInfo()
                    .addKeyValue(
                            "url", "http://" + host + ":" + server.address().getPort() + "/metrics")
                    .log("serving metrics on");
            return server;
        } catch (IOException e) {
            LOG.error(
                    "metrics cannot be served at {}: {}. Databases are followed without them. Change \"addr\" in the"
                            + " configuration, or stop what listens there.",
                    address,
                    e.getMessage());
            return () -> {};
        }
    }

    private Engine start(String version) throws IOException {
        LOG.atInfo().addKeyValue("version", version).log("runnel");
        for (Notice notice : config.notices()) {
            LOG.warn(notice.message());
        }
        List<DatabaseSpec> specs = config.databases().stream()
                .filter(database -> !database.replicas().isEmpty())
                .map(databases::of)
                .toList();
        Engine engine = Engine.start(specs, EngineSettings.of(Embedding.ALONE));
        specs.forEach(Daemon::announce);
        return engine;
    }

    private static void announce(DatabaseSpec spec) {
        LOG.atInfo().addKeyValue("path", spec.path()).log("initialized db");
        for (ReplicaSpec replica : spec.replicas()) {
            LOG.atInfo()
                    .addKeyValue("db", spec.path())
                    .addKeyValue("replica", replica.name())
                    .addKeyValue("sync-interval", spec.syncInterval().toMillis() + "ms")
                    .log("replicating to");
        }
    }

    private static void summarize(DatabaseStatus database) {
        LOG.atInfo().addKeyValue("db", database.path()).log("summary: {}", Summary.of(database));
    }

    private static boolean isEverythingStopped(Engine engine) {
        return engine.status().stream().allMatch(database -> database.health() instanceof Health.Stopped);
    }

    /**
     * A degraded database may have commits that are not captured yet, so it counts as incomplete, whatever has been
     * shipped.
     */
    private static List<String> missing(Engine.ShutdownReport report, List<DatabaseStatus> status) {
        List<String> missing = new ArrayList<>(report.behind());
        for (DatabaseStatus database : status) {
            if (!database.newest().isNone()) {
                Health health = database.health();
                trouble(health)
                        .or(() -> Optional.of(health.reason()).filter(_ -> health instanceof Health.Waiting))
                        .ifPresent(reason -> missing.add(database.path() + ": " + reason));
            }
            for (Engine.ReplicaStatus replica : database.replicas()) {
                trouble(replica.health())
                        .ifPresent(reason -> missing.add(database.path() + " at " + replica.name() + ": " + reason));
            }
        }
        return missing;
    }

    private static End end(List<String> missing) {
        if (missing.isEmpty()) {
            LOG.info("everything is at the replicas");
            return End.COMPLETE;
        }
        missing.forEach(what -> LOG.error("not everything is at the replica: {}", what));
        return End.INCOMPLETE;
    }

    private static Optional<String> trouble(Health health) {
        return switch (health) {
            case Health.Healthy() -> Optional.empty();
            case Health.Waiting(String _, String _) -> Optional.empty();
            case Health.Working(String reason, String _) -> Optional.of(reason);
            case Health.Degraded(String reason, String _) -> Optional.of(reason);
            case Health.Stopped(String reason, String _) -> Optional.of(reason);
        };
    }
}

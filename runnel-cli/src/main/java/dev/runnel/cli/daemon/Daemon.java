package dev.runnel.cli.daemon;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.config.Notice;
import dev.runnel.cli.config.SocketConfig;
import dev.runnel.cli.control.ControlApi;
import dev.runnel.cli.control.ControlServer;
import dev.runnel.cli.control.DaemonInfo;
import dev.runnel.cli.heartbeat.Heartbeats;
import dev.runnel.cli.metrics.Metrics;
import dev.runnel.cli.metrics.MetricsServer;
import dev.runnel.cli.metrics.Verifications;
import dev.runnel.cli.supervision.Application;
import dev.runnel.cli.supervision.ServiceManager;
import dev.runnel.engine.Engine;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.EngineSettings;
import dev.runnel.engine.Health;
import dev.runnel.platform.Clock;
import dev.runnel.platform.FaultText;
import dev.runnel.platform.RunnelException;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DatabaseSpecs;
import dev.runnel.setup.FollowedDatabases;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.Replicas;
import dev.runnel.setup.VerificationSchedule;
import dev.runnel.sqlite.Embedding;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the databases of a configuration until a signal, or until there is none left that can be followed. */
public final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** How long a run with -once waits for a failure to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int LOOKS_A_LOOK_AT_MEMORY = 10;
    private static final int LOOKS_A_STATUS = 10;
    private static final int LOOKS_A_SUMMARY = 3600;

    private final ConfigSource source;
    private final DatabaseSpecs databases;
    private final Replicas replicas;
    private final Locations locations;

    /** Replaced by the thread that runs when the configuration was read again. */
    private Config config;

    /**
     * @param config has at least one database with a replica; one without is not followed
     * @param databases makes what the engine follows
     * @param replicas where the databases are replicated to
     * @param locations how paths and URLs are read that come later
     * @param source where the configuration is read again
     */
    public Daemon(Config config, DatabaseSpecs databases, Replicas replicas, Locations locations, ConfigSource source) {
        this.config = config;
        this.source = source;
        this.databases = databases;
        this.replicas = replicas;
        this.locations = locations;
    }

    /** How it ended. */
    public enum End {
        /** Everything is at the replicas. */
        COMPLETE,
        /** Something is not; the log says what. */
        INCOMPLETE
    }

    /**
     * Runs until a signal, or until the application has ended, and returns whether everything is at the replicas then.
     *
     * @param application is started once all databases have been tried; without it, a run in which no database can be
     *     followed ends
     */
    public End run(String version, Stop stop, Optional<Application> application)
            throws IOException, InterruptedException {
        Verifications verifications = new Verifications(Clock.system());
        DaemonInfo info = DaemonInfo.now(version, Clock.system());
        try (FollowedDatabases followed = start(version);
                VerificationSchedule _ = VerificationSchedule.start(
                        replicas, Clock.system(), followed::databases, new VerificationLog().and(verifications));
                Closeable _ = Heartbeats.start(config.daemon().heartbeats(), followed.engine(), Clock.system());
                Closeable _ = serve(new Metrics(followed.engine(), replicas, verifications));
                Closeable _ = serve(new ControlApi(followed, locations, info));
                WatchedFolders folders = new WatchedFolders(followed);
                Closeable _ = application.<Closeable>map(child -> child).orElse(() -> {})) {
            Engine engine = followed.engine();
            folders.watch(config.folders());
            ServiceManager manager = ServiceManager.of(System.getenv());
            if (application.isPresent()) {
                new FirstTries(engine, Clock.system()).await(stop);
                application.get().start();
            }
            manager.ready();
            IdleMemory memory = new IdleMemory();
            for (int looks = 1; !stop.await(LOOK); looks++) {
                manager.alive();
                if (looks % LOOKS_A_STATUS == 0) {
                    manager.status(() -> Summary.of(engine.status()));
                }
                if (stop.takeReload()) {
                    reload(followed, folders);
                }
                if (looks % LOOKS_A_LOOK_AT_MEMORY == 0) {
                    memory.look();
                }
                if (looks % LOOKS_A_SUMMARY == 0) {
                    engine.status().forEach(Daemon::summarize);
                }
                if (!canGrow() && application.isEmpty() && isEverythingStopped(engine)) {
                    LOG.error("no database can be followed");
                    return End.INCOMPLETE;
                }
            }
            manager.stopping();
            LOG.info("shutting down; a second signal ends at once");
            return end(missing(followed.stop(config.daemon().shutdownSyncTimeout()), engine.status()));
        }
    }

    /** Brings every replica up to date, does what else is asked for, and says whether everything is at the replicas then. */
    public End runOnce(String version) throws IOException, InterruptedException {
        try (FollowedDatabases followed = start(version)) {
            Engine engine = followed.engine();
            Engine.ShutdownReport shipped = engine.complete(PATIENCE);
            return end(missing(shipped, engine.status()));
        }
    }

    /** Databases are not left without a replica because of a port. */
    private Closeable serve(Metrics metrics) {
        if (config.daemon().metricsAddress().isEmpty()) {
            return () -> {};
        }
        InetSocketAddress address = config.daemon().metricsAddress().get();
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

    private Closeable serve(ControlApi control) {
        if (config.daemon().socket().isEmpty()) {
            return () -> {};
        }
        SocketConfig socket = config.daemon().socket().get();
        try {
            ControlServer server = ControlServer.start(socket, control);
            LOG.atInfo().addKeyValue("path", socket.path()).log("control socket");
            return server;
        } catch (IOException e) {
            LOG.error(
                    "the control socket {} cannot be made: {}. Databases are followed without it. Change \"path\" below"
                            + " \"socket\" in the configuration, or remove what is there.",
                    socket.path(),
                    FaultText.of(e));
            return () -> {};
        }
    }

    /** Whether databases can still be added. */
    private boolean canGrow() {
        return config.daemon().socket().isPresent()
                || config.folders().stream().anyMatch(each -> each.folder().isWatched());
    }

    /** Either everything that it says is applied, or nothing. */
    private void reload(FollowedDatabases followed, WatchedFolders folders) throws InterruptedException {
        Config now;
        try {
            now = source.read(followed.files());
        } catch (IOException e) {
            String nextStep = e instanceof RunnelException known ? " " + known.nextStep() : "";
            LOG.error(
                    "the configuration is not applied, and Runnel continues as before: {}.{}",
                    e.getMessage(),
                    nextStep);
            return;
        }
        now.notices().forEach(notice -> LOG.warn(notice.message()));
        Set<Path> found = folders.members();
        folders.watch(List.of());
        new Reload(followed, config.daemon().shutdownSyncTimeout()).apply(config, found, now);
        folders.watch(now.folders());
        config = now;
    }

    private FollowedDatabases start(String version) throws IOException {
        LOG.atInfo().addKeyValue("version", version).log("runnel");
        for (Notice notice : config.notices()) {
            LOG.warn(notice.message());
        }
        FollowedDatabases followed =
                FollowedDatabases.start(config.databases(), databases, EngineSettings.of(Embedding.ALONE));
        followed.list().forEach(entry -> announce(entry.config()));
        return followed;
    }

    private static void announce(DatabaseConfig database) {
        LOG.atInfo().addKeyValue("path", database.path()).log("initialized db");
        for (ReplicaConfig replica : database.replicas()) {
            LOG.atInfo()
                    .addKeyValue("db", database.path())
                    .addKeyValue("replica", replica.location().display())
                    .addKeyValue("sync-interval", database.syncInterval().toMillis() + "ms")
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

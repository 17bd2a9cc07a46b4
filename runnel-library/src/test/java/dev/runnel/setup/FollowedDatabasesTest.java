package dev.runnel.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.ReplicaOptions;
import dev.runnel.Runnel;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineSettings;
import dev.runnel.location.FolderLocation;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.Embedding;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases that come and go while others are followed, with real SQLite. */
class FollowedDatabasesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Replicas replicas = new Replicas(Disk.system(), Clock.system(), Map.of());

    @BeforeEach
    void openReplicas() {
        replicas = new Replicas(Disk.system(), Clock.system(), Map.of());
    }

    @AfterEach
    void closeReplicas() {
        replicas.close();
    }

    @Test
    void aRegisteredDatabaseIsReplicatedBesideTheOthers() throws Exception {
        try (FollowedDatabases followed = follow(config("one", "one"));
                SqlSession first = create("one");
                SqlSession second = create("two")) {
            assertThat(followed.register(config("two", "two"))).isTrue();
            assertThat(followed.register(config("two", "two"))).isFalse();
            first.run("insert into t values('first')");
            second.run("insert into t values('second')");
            assertThat(followed.await(config("one", "one")).now(LIMIT)).isTrue();
            assertThat(followed.await(config("two", "two")).now(LIMIT)).isTrue();
            assertThat(restored("one")).containsExactly("first");
            assertThat(restored("two")).containsExactly("second");
            assertThat(followed.list())
                    .allSatisfy(entry -> assertThat(entry.lastSync()).isPresent())
                    .extracting(FollowedDatabases.Entry::path)
                    .containsExactly(folder.resolve("one.db"), folder.resolve("two.db"));
        }
    }

    @Test
    void aStoppedDatabaseHasItsLastSyncAndNothingLaterUntilItIsStarted() throws Exception {
        DatabaseConfig config = config("one", "one");
        try (FollowedDatabases followed = follow(config);
                SqlSession application = create("one")) {
            application.run("insert into t values('before')");
            assertThat(followed.stop(config, LIMIT))
                    .hasValueSatisfying(report -> assertThat(report.behind()).isEmpty());
            assertThat(followed.stop(config, LIMIT)).isEmpty();
            application.run("insert into t values('meanwhile')");
            assertThat(restored("one")).containsExactly("before");
            assertThat(followed.find(config.path())).hasValueSatisfying(entry -> {
                assertThat(entry.status()).isEmpty();
                assertThat(entry.lastSync()).isPresent();
            });
            assertThat(followed.start(config)).isTrue();
            assertThat(followed.start(config)).isFalse();
            assertThat(followed.await(config).now(LIMIT)).isTrue();
            assertThat(restored("one")).containsExactly("before", "meanwhile");
        }
    }

    @Test
    void anUnregisteredDatabaseIsForgottenAndCanComeBack() throws Exception {
        DatabaseConfig config = config("one", "one");
        try (FollowedDatabases followed = follow(config);
                SqlSession application = create("one")) {
            application.run("insert into t values('before')");
            assertThat(followed.unregister(config, LIMIT)).isPresent();
            assertThat(followed.find(config.path())).isEmpty();
            application.run("insert into t values('after')");
            assertThat(followed.register(config)).isTrue();
            assertThat(followed.await(config).now(LIMIT)).isTrue();
            assertThat(restored("one")).containsExactly("before", "after");
        }
    }

    @Test
    void twoDatabasesNeverShareAReplica() throws Exception {
        try (FollowedDatabases followed = follow(config("one", "one"))) {
            assertThatExceptionOfType(ConflictException.class)
                    .isThrownBy(() -> followed.register(config("two", "one")))
                    .withMessageContaining("one.db is replicated there already");
            assertThatExceptionOfType(ConflictException.class)
                    .isThrownBy(() -> followed.register(config("one", "elsewhere")))
                    .withMessageContaining("with other replicas: " + folder.resolve("replica-one"));
            assertThat(followed.list()).hasSize(1);
        }
    }

    @Test
    void nothingIsAddedDuringTheLastSync() throws Exception {
        try (FollowedDatabases followed = follow(config("one", "one"));
                SqlSession application = create("one")) {
            application.run("insert into t values('last')");
            assertThat(followed.stop(LIMIT).behind()).isEmpty();
            assertThatExceptionOfType(ConflictException.class)
                    .isThrownBy(() -> followed.register(config("two", "two")))
                    .withMessage("Runnel is shutting down");
            assertThat(restored("one")).containsExactly("last");
        }
    }

    /** "It is registered already" would be true for a moment, and then it would be followed by nobody. */
    @Test
    void aDatabaseThatIsBeingUnregisteredIsNotReportedAsRegistered() throws Exception {
        DatabaseConfig config = config("one", "one");
        Path replica = folder.resolve("replica-one");
        try (FollowedDatabases followed = follow(config);
                SqlSession application = create("one")) {
            assertThat(followed.await(config).now(LIMIT)).isTrue();
            Files.move(replica, folder.resolve("elsewhere"));
            Files.writeString(replica, "no folder, so that the last sync lasts until its limit");
            application.run("insert into t values('last')");
            CompletableFuture<Optional<Engine.ShutdownReport>> end = new CompletableFuture<>();
            Thread unregistering = Thread.ofVirtual().start(() -> {
                try {
                    end.complete(followed.unregister(config, Duration.ofSeconds(10)));
                } catch (IOException | InterruptedException e) {
                    end.completeExceptionally(e);
                }
            });
            Await.until("it is being stopped", LIMIT, () -> isRefused(() -> followed.start(config)));
            assertThatExceptionOfType(ConflictException.class)
                    .isThrownBy(() -> followed.register(config))
                    .withMessageContaining("is being stopped");
            assertThat(end.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isPresent();
            unregistering.join();
            assertThat(followed.register(config)).isTrue();
            assertThat(followed.list())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.status()).isPresent());
        }
    }

    private static boolean isRefused(Callable<Boolean> order) throws Exception {
        try {
            var _ = order.call();
            return false;
        } catch (ConflictException _) {
            return true;
        }
    }

    /** Whoever starts it has looked it up before it was unregistered: it must not be followed where no list has it. */
    @Test
    void aDatabaseThatWasUnregisteredMeanwhileIsNotStarted() throws Exception {
        DatabaseConfig config = config("one", "one");
        try (FollowedDatabases followed = follow(config);
                SqlSession _ = create("one")) {
            assertThat(followed.unregister(config, LIMIT)).isPresent();
            assertThatExceptionOfType(ConflictException.class)
                    .isThrownBy(() -> followed.start(config))
                    .withMessageContaining("has been unregistered");
            assertThat(followed.engine().status()).isEmpty();
            assertThat(followed.register(config)).isTrue();
        }
    }

    @Test
    void aWaitEndsWithAReasonWhenItsDatabaseIsStopped() throws Exception {
        DatabaseConfig config = config("one", "one");
        try (FollowedDatabases followed = follow(config);
                SqlSession _ = create("one")) {
            CompletableFuture<Boolean> wait = new CompletableFuture<>();
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    wait.complete(followed.await(config).txid(new Txid(1_000_000), LIMIT));
                } catch (IOException | InterruptedException | RuntimeException e) {
                    wait.completeExceptionally(e);
                }
            });
            Await.until("it waits", LIMIT, () -> waiting.getState() == Thread.State.TIMED_WAITING);
            assertThat(followed.stop(config, LIMIT)).isPresent();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> wait.get(LIMIT.toSeconds() / 2, TimeUnit.SECONDS))
                    .withCauseInstanceOf(IOException.class)
                    .withMessageContaining("one.db is no longer followed");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> followed.capture(config, LIMIT))
                    .withMessageContaining("one.db is no longer followed");
        }
    }

    /** Links lead to the same database: it must not be followed twice. */
    @Test
    void aDatabaseIsFoundByEveryNameThatLeadsToIt() throws Exception {
        try (FollowedDatabases followed = follow(config("one", "one"));
                SqlSession _ = create("one")) {
            Path link = Files.createSymbolicLink(folder.resolve("link.db"), folder.resolve("one.db"));
            assertThat(followed.find(link))
                    .hasValueSatisfying(entry -> assertThat(entry.path()).isEqualTo(folder.resolve("one.db")));
            assertThat(followed.register(config("link", "one"))).isFalse();
        }
    }

    private FollowedDatabases follow(DatabaseConfig... configs) throws IOException {
        return FollowedDatabases.start(
                List.of(configs), new DatabaseSpecs(replicas), EngineSettings.of(Embedding.EMBEDDED));
    }

    private DatabaseConfig config(String database, String replica) {
        return DatabaseConfig.of(
                folder.resolve(database + ".db"), List.of(new FolderLocation(folder.resolve("replica-" + replica))));
    }

    private SqlSession create(String name) throws SqlFailure {
        SqlSession session = JdbcSession.open(folder.resolve(name + ".db"));
        session.run("pragma journal_mode=wal", "create table t(a)");
        return session;
    }

    private List<String> restored(String replica) throws IOException, SqlFailure {
        Path copy = Files.createTempDirectory(folder, "copy").resolve("copy.db");
        Runnel.restore(copy, ReplicaOptions.in(folder.resolve("replica-" + replica)))
                .run();
        try (SqlSession session = JdbcSession.open(copy)) {
            return session.rows("select a from t");
        }
    }
}

package dev.runnel.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.ReplicaOptions;
import dev.runnel.Runnel;
import dev.runnel.engine.EngineSettings;
import dev.runnel.location.FolderLocation;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.Embedding;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

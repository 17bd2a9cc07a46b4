package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dir}: the databases of a folder, which come and go while the program runs. */
class FolderOfDatabasesTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private Path data = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
    }

    @Test
    void databasesThatAreThereAreReplicatedEachToItsOwnPlace() throws IOException, SqlFailure {
        create("one.db", "1");
        create("two.db", "2");
        create("not-mine.sqlite", "3");
        Files.writeString(data.resolve("text.db"), "no database, but long enough for a header ".repeat(10));
        Files.createFile(data.resolve("empty.db"));
        create("below/three.db", "4");
        once("");
        assertThat(restored("one.db")).containsExactly("1");
        assertThat(restored("two.db")).containsExactly("2");
        assertThat(folder.resolve("replica")).isDirectoryNotContaining("glob:**{not-mine,text,empty,below}*");

        once("recursive: true");
        assertThat(restored("below/three.db")).containsExactly("4");
        assertThat(databases().lines().skip(1).map(line -> line.replaceAll(" .*", "")))
                .containsExactlyInAnyOrder(
                        data.resolve("one.db").toString(),
                        data.resolve("two.db").toString(),
                        data.resolve("below/three.db").toString());
    }

    @Test
    void databasesComeAndGoAndComeBack() throws IOException, SqlFailure {
        try (Child runnel = replicate("watch: true\n    recursive: true")) {
            create("new.db", "1");
            awaitAtReplica("new.db");
            create("tenant/deep/new.db", "2");
            awaitAtReplica("tenant/deep/new.db");

            Files.delete(data.resolve("new.db"));
            runnel.awaitLine(Pattern.compile(".*removed database from replication.*new\\.db.*"), LIMIT);
            create("new.db", "3");
            awaitState("new.db", "3");

            Files.move(data.resolve("tenant"), data.resolve("customer"));
            awaitAtReplica("customer/deep/new.db");
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
            assertThat(runnel.transcript()).doesNotContain("level=ERROR");
        }
        assertThat(restored("customer/deep/new.db")).containsExactly("2");
    }

    /** A backup that is put in its place is the same database for its owner: it is not removed and added. */
    @Test
    void aDatabaseThatIsReplacedStays() throws IOException, SqlFailure {
        create("app.db", "1");
        create("../other.db", "2");
        try (Child runnel = replicate("watch: true")) {
            awaitAtReplica("app.db");
            Files.move(folder.resolve("other.db"), data.resolve("app.db"), StandardCopyOption.REPLACE_EXISTING);
            awaitState("app.db", "2");
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
            assertThat(runnel.transcript()).doesNotContain("removed database");
        }
    }

    @Test
    void aFileBecomesADatabaseWhenItHasAHeader() throws IOException, SqlFailure {
        Files.createFile(data.resolve("later.db"));
        try (Child runnel = replicate("watch: true")) {
            runnel.awaitLine(Pattern.compile(".*msg=runnel.*"), LIMIT);
            create("later.db", "1");
            awaitAtReplica("later.db");
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
        }
    }

    /** Volumes are often put in place by a link. */
    @Test
    void theFolderItselfMayBeALink() throws IOException, SqlFailure {
        Files.move(data, folder.resolve("volume"));
        Files.createSymbolicLink(data, folder.resolve("volume"));
        create("tenant/first.db", "1");
        try (Child runnel = replicate("watch: true\n    recursive: true")) {
            awaitAtReplica("tenant/first.db");
            create("second.db", "2");
            awaitAtReplica("second.db");
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
        }
        assertThat(databases()).contains(data.resolve("tenant/first.db").toString());
    }

    /** It is not left unfollowed in silence: who wants that stops it. */
    @Test
    void aDatabaseThatIsUnregisteredIsFoundAgain() throws IOException, SqlFailure {
        create("app.db", "1");
        Path socket = folder.resolve("control.sock");
        configure("watch: true");
        Files.writeString(config(), Files.readString(config()) + "socket: {enabled: true, path: " + socket + "}\n");
        try (Child runnel = Child.start(RunnelCommand.of("replicate", "-config", config().toString()), Map.of())) {
            awaitAtReplica("app.db");
            RunnelCommand.run(
                    LIMIT,
                    0,
                    "unregister",
                    "-socket",
                    socket.toString(),
                    data.resolve("app.db").toString());
            create("other.db", "2");
            runnel.awaitLine(Pattern.compile(".*added database to replication.*app\\.db.*"), LIMIT);
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
        }
    }

    @Test
    void aFolderWithoutADatabaseIsAnErrorUnlessItIsWatched() throws IOException {
        configure("");
        assertThat(RunnelCommand.run(LIMIT, 1, "replicate", "-config", config().toString()))
                .contains("no SQLite databases found in folder " + data + " with pattern *.db");
    }

    private Path config() {
        return folder.resolve("runnel.yml");
    }

    private void configure(String more) throws IOException {
        Files.writeString(config(), """
                dbs:
                  - dir: %s
                    pattern: "*.db"
                    replica: {path: %s}
                    %s
                """.formatted(data, folder.resolve("replica"), more));
    }

    private void once(String more) throws IOException {
        configure(more);
        RunnelCommand.run(LIMIT, 0, "replicate", "-once", "-config", config().toString());
    }

    private Child replicate(String more) throws IOException {
        configure(more);
        return Child.start(RunnelCommand.of("replicate", "-config", config().toString()), Map.of());
    }

    private String databases() {
        return RunnelCommand.run(LIMIT, 0, "databases", "-config", config().toString());
    }

    private void create(String name, String value) throws IOException, SqlFailure {
        Path path = data.resolve(name);
        Files.createDirectories(path.toAbsolutePath().normalize().resolveSibling(""));
        try (SqlSession session = JdbcSession.open(path)) {
            session.run("pragma journal_mode=wal", "create table t(a)", "insert into t values('" + value + "')");
        }
    }

    private ReplicaOracle replica(String name) {
        return new ReplicaOracle(folder.resolve("replica").resolve(name));
    }

    private void awaitAtReplica(String name) {
        Await.until(name + " is at the replica", LIMIT, () -> replica(name).newestTxid() > 0);
    }

    private void awaitState(String name, String value) {
        Await.until(name + " is at the replica", LIMIT, () -> {
            try {
                return restored(name).equals(List.of(value));
            } catch (IOException | SqlFailure e) {
                return false;
            }
        });
    }

    /** By the name in the configuration, as somebody would. */
    private List<String> restored(String name) throws IOException, SqlFailure {
        Path copy = Files.createTempDirectory(folder, "copy").resolve("copy.db");
        RunnelCommand.run(
                LIMIT,
                0,
                "restore",
                "-config",
                config().toString(),
                "-o",
                copy.toString(),
                data.resolve(name).toString());
        try (SqlSession session = JdbcSession.open(copy)) {
            return session.rows("select a from t");
        }
    }
}

package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.IgnoredSignals;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP: the configuration is read again while databases are followed. */
class ReloadTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Pattern APPLIED = Pattern.compile(".*the configuration was read again: .*");

    private static final int SIGHUP = 1;

    @TempDir
    Path folder;

    @Test
    void databasesAreAddedChangedAndRemoved() throws IOException, SqlFailure {
        assumeHangUpIsHeard();
        for (String name : List.of("one", "two")) {
            write(name, "pragma journal_mode=wal", "create table t(a)");
        }
        configure(entry("one", "first"));
        try (Child runnel = replicate()) {
            awaitHistory("first");

            configure(entry("one", "first"), entry("two", "second"));
            reload(runnel);
            awaitHistory("second");
            long shipped = txid("first");
            write("one", "insert into t values(1)");
            Await.until("the one that stayed is still followed", LIMIT, () -> txid("first") > shipped);

            write("one", "insert into t values(2)");
            configure(entry("two", "third"));
            reload(runnel);
            awaitHistory("third");
            assertThat(rows("first")).containsExactly("1", "2");
            write("one", "insert into t values(3)");
            write("two", "insert into t values(4)");
            Await.until("the new place is followed", LIMIT, () -> rows("third").equals(List.of("4")));
            assertThat(rows("first")).containsExactly("1", "2");
            assertThat(rows("second")).isEmpty();
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
        }
    }

    @Test
    void aConfigurationWithAFaultIsRejectedAsAWhole() throws IOException, SqlFailure {
        assumeHangUpIsHeard();
        write("one", "pragma journal_mode=wal", "create table t(a)");
        configure(entry("one", "first"));
        try (Child runnel = replicate()) {
            awaitHistory("first");
            configure(entry("two", "second"), "  - {path: %s/three.db, colour: red}".formatted(folder));
            runnel.signal("HUP");
            runnel.awaitLine(Pattern.compile(".*the configuration is not applied.*colour: unknown key.*"), LIMIT);
            long shipped = txid("first");
            write("one", "insert into t values(1)");
            Await.until("it is followed as before", LIMIT, () -> txid("first") > shipped);
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
            assertThat(folder.resolve("second")).doesNotExist();
        }
    }

    /** Reading the header of a database that is followed, and closing it, would drop SQLite's locks of the process. */
    @Test
    void theLocksOfDatabasesInAFolderAreKept() throws IOException, SqlFailure {
        assumeHangUpIsHeard();
        Files.createDirectory(folder.resolve("data"));
        write("data/one", "pragma journal_mode=wal", "create table t(a)");
        configure("  - {dir: %1$s/data, pattern: '*.db', watch: true, attach: always, replica: {path: %1$s/all}}"
                .formatted(folder));
        try (Child runnel = replicate()) {
            awaitHistory("all/one.db");
            Await.until("it holds locks", LIMIT, () -> locks(runnel, "data/one.db-shm") > 0);
            int before = locks(runnel, "data/one.db-shm");
            int pending = locks(runnel, "data/one.db");
            reload(runnel);
            assertThat(locks(runnel, "data/one.db")).isEqualTo(pending);
            assertThat(locks(runnel, "data/one.db-shm")).isEqualTo(before);
            assertThat(runnel.transcript()).doesNotContain("removed database");
            write("data/two", "pragma journal_mode=wal", "create table t(a)");
            awaitHistory("all/two.db");
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
        }
    }

    private static int locks(Child program, String name, Path folder) throws IOException {
        String inode = ":" + Files.getAttribute(folder.resolve(name), "unix:ino") + " ";
        return (int) Files.readAllLines(Path.of("/proc/locks")).stream()
                .filter(line -> line.contains(" " + program.pid() + " ") && line.contains(inode))
                .count();
    }

    private int locks(Child program, String name) {
        try {
            return locks(program, name, folder);
        } catch (IOException e) {
            return 0;
        }
    }

    private static void assumeHangUpIsHeard() throws IOException {
        assumeFalse(
                IgnoredSignals.contains(SIGHUP),
                "skipped: this process ignores SIGHUP (under nohup, for example), and a Runnel started by it would, too");
    }

    private Child replicate() {
        return Child.start(
                RunnelCommand.of(
                        "replicate", "-config", folder.resolve("runnel.yml").toString()),
                Map.of());
    }

    private static void reload(Child runnel) {
        runnel.signal("HUP");
        runnel.awaitLine(APPLIED, LIMIT);
    }

    private String entry(String database, String replica) {
        return "  - {path: %1$s/%2$s.db, replica: {path: %1$s/%3$s}}".formatted(folder, database, replica);
    }

    private void configure(String... entries) throws IOException {
        Files.writeString(folder.resolve("runnel.yml"), "dbs:\n" + String.join("\n", entries) + "\n");
    }

    private void write(String name, String... statements) throws SqlFailure {
        try (SqlSession session = JdbcSession.open(folder.resolve(name + ".db"))) {
            session.run(statements);
        }
    }

    private long txid(String replica) {
        return new ReplicaOracle(folder.resolve(replica)).newestTxid();
    }

    private void awaitHistory(String replica) {
        Await.until(replica + " has history", LIMIT, () -> txid(replica) > 0);
    }

    private List<String> rows(String replica) {
        try {
            Path copies = Files.createTempDirectory(folder, "copies");
            try (SqlSession session = JdbcSession.open(new Restores(folder.resolve(replica), copies).latest())) {
                return session.rows("select a from t");
            }
        } catch (SqlFailure | IOException e) {
            throw new AssertionError(e);
        }
    }
}

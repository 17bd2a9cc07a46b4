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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many idle databases; what they take is counted in {@code /proc}. {@code -Drunnel.databases=N} sets how many. */
@Tag("slow")
class ManyDatabasesTest {
    private static final int DATABASES = Integer.getInteger("runnel.databases", 200);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** The lock file and the ledger. */
    private static final int DESCRIPTORS_A_DATABASE = 2;

    private static final int DESCRIPTORS_OF_A_JVM = 60;
    private static final int THREADS = 50;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void i36IdleDatabasesTakeTwoDescriptorsEachAndNoThread() throws IOException, SqlFailure {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "skipped: no /proc here");
        List<Path> databases = makeDatabases("wal");
        try (Child runnel = Child.start(RunnelCommand.of("replicate", "-config", config().toString()), Map.of())) {
            for (Path database : databases) {
                Await.until(database + " is at its replica", LIMIT, () -> newestTxid(database) > 0);
            }
            Await.until(
                    "no database is open any more",
                    LIMIT,
                    () -> openDatabases(runnel).isEmpty());
            assertThat(runnel.openFiles())
                    .as("descriptors")
                    .hasSizeLessThan(DESCRIPTORS_A_DATABASE * DATABASES + DESCRIPTORS_OF_A_JVM);
            Await.until("threads that have nothing to do end", LIMIT, () -> {
                assertThat(threads(runnel)).hasSizeLessThan(THREADS);
                return true;
            });
            assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith("-wal"));

            Path one = databases.get(DATABASES / 2);
            long before = newestTxid(one);
            try (SqlSession session = JdbcSession.open(one)) {
                session.run("insert into t values('awake')");
            }
            Await.until("what was written is at the replica", LIMIT, () -> newestTxid(one) > before);
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
        }
    }

    /** All of them are read for the first time at once, and none may keep memory while it waits for its turn. */
    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void databasesThatAreAllNewTakeLittleMemory(String journalMode) throws IOException, SqlFailure {
        List<Path> databases = makeDatabases(journalMode);
        List<String> command = RunnelCommand.withHeap("64m", "replicate", "-once", "-config", config().toString());
        try (Child runnel = Child.start(command, Map.of())) {
            assertThat(runnel.awaitExit(LIMIT)).as(runnel.transcript()).isZero();
        }
        assertThat(databases)
                .allSatisfy(database ->
                        assertThat(newestTxid(database)).as(database.toString()).isPositive());
    }

    private List<Path> makeDatabases(String journalMode) throws IOException, SqlFailure {
        List<Path> databases = new ArrayList<>();
        StringBuilder text = new StringBuilder("dbs:\n");
        for (int i = 0; i < DATABASES; i++) {
            Path database = folder.resolve("idle-" + i + ".db");
            try (SqlSession session = JdbcSession.open(database)) {
                session.run("pragma synchronous=off", "pragma journal_mode=" + journalMode, "create table t(a)");
            }
            databases.add(database);
            text.append("  - path: ").append(database).append('\n');
            text.append("    journal-mode: keep\n");
            text.append("    replica: {type: file, path: ")
                    .append(replicaOf(database))
                    .append("}\n");
        }
        Files.writeString(config(), text);
        return databases;
    }

    private Path config() {
        return folder.resolve("runnel.yml");
    }

    private static Path replicaOf(Path database) {
        return database.resolveSibling(database.getFileName() + ".replica");
    }

    private static long newestTxid(Path database) {
        return new ReplicaOracle(replicaOf(database)).newestTxid();
    }

    private static List<String> openDatabases(Child program) {
        return program.openFiles().stream()
                .filter(file -> file.matches(".*\\.db(-wal|-shm)?"))
                .toList();
    }

    private static List<String> threads(Child program) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path thread : entries(program, "task")) {
            Path name = thread.resolve("comm");
            // One that ended while we looked has no name.
            if (Files.exists(name)) {
                names.add(Files.readString(name).strip());
            }
        }
        return names;
    }

    private static List<Path> entries(Child program, String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", String.valueOf(program.pid()), what))) {
            return entries.toList();
        }
    }
}

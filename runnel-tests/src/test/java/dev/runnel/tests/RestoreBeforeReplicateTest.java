package dev.runnel.tests;

import static dev.runnel.tests.SupervisedProgram.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code restore-if-db-not-exists}: a database is there before anything follows it, or an application opens it. */
@Tag("slow")
class RestoreBeforeReplicateTest {
    private static final String COUNT_AND_WRITE = """
            sqlite3 "$DB" 'select count(*) from t' > "$FOLDER/count"
            sqlite3 "$DB" 'insert into t values(100)'
            """;

    @TempDir
    Path folder;

    private SupervisedProgram program = new SupervisedProgram(Path.of(""));

    @BeforeEach
    void chooseFolder() {
        program = new SupervisedProgram(folder);
    }

    @Test
    void theApplicationStartsOnTheRestoredDatabaseAndItsHistoryContinues() throws Exception {
        replicated(3);
        try (Child runnel = program.start(COUNT_AND_WRITE, "-restore-if-db-not-exists")) {
            SupervisedProgram.awaitExit(runnel, 0);
            assertThat(runnel.transcript())
                    .containsSubsequence(
                            "does not exist; restoring it",
                            "restored " + program.database(),
                            "initialized db",
                            "application started");
        }
        assertThat(program.file("count")).hasContent("3");
        assertThat(program.restoredRows()).isEqualTo(4);
    }

    @Test
    void aDatabaseThatIsThereStaysAsItIs() throws Exception {
        program.createDatabase(3);
        try (Child runnel = program.start(COUNT_AND_WRITE, "-restore-if-db-not-exists")) {
            SupervisedProgram.awaitExit(runnel, 0);
            assertThat(runnel.transcript()).doesNotContain("restor");
        }
        assertThat(program.file("count")).hasContent("3");
    }

    @Test
    void withoutHistoryItIsANewDatabase() throws Exception {
        try (Child runnel = program.start("""
                sqlite3 "$DB" 'pragma journal_mode=wal; create table t(x); insert into t values(1)'
                """, "-restore-if-db-not-exists")) {
            SupervisedProgram.awaitExit(runnel, 0);
            assertThat(runnel.transcript()).contains("so nothing is restored: it is a new database");
        }
        assertThat(program.restoredRows()).isEqualTo(1);
    }

    @Test
    void onceRestoresToo() throws Exception {
        replicated(3);
        RunnelCommand.run(
                LIMIT,
                0,
                "replicate",
                "-once",
                "-restore-if-db-not-exists",
                program.database().toString(),
                RunnelCommand.url(program.file("replica")));
        try (JdbcSession session = JdbcSession.open(program.database())) {
            assertThat(session.rows("select count(*) from t")).containsExactly("3");
        }
    }

    @Test
    void theKeyIsForOneDatabase() throws Exception {
        replicated(3);
        Path config = Files.writeString(folder.resolve("runnel.yml"), """
                exec: sh -c 'touch "%1$s/started"'
                dbs:
                  - {path: "%1$s/app.db", restore-if-db-not-exists: true, replica: {path: "%1$s/replica"}}
                  - {path: "%1$s/other.db", replica: {path: "%1$s/replica2"}}
                """.formatted(folder));
        try (Child runnel = Child.start(RunnelCommand.of("replicate", "-config", config.toString()), Map.of())) {
            runnel.awaitLine(Pattern.compile("application ended"), LIMIT);
            assertThat(runnel.awaitExit(LIMIT)).as(runnel.transcript()).isEqualTo(1);
            assertThat(runnel.transcript())
                    .contains("other.db: nothing was captured")
                    .doesNotContain("other.db does not exist; res");
        }
        assertThat(folder.resolve("started")).exists();
        assertThat(program.database()).exists();
    }

    @Test
    void whereTheReplicaRefusesNothingIsStarted() throws Exception {
        HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        service.start();
        try {
            assertNothingIsStarted("s3://bkt/app?region=us-east-1&endpoint=http://127.0.0.1:"
                    + service.getAddress().getPort());
        } finally {
            service.stop(0);
        }
    }

    @Test
    void whereTheReplicaIsNotAFolderNothingIsStarted() throws Exception {
        Files.writeString(folder.resolve("replica"), "in the way");
        assertNothingIsStarted(RunnelCommand.url(folder.resolve("replica")));
    }

    @Test
    void whereTheReplicaIsDamagedNothingIsStarted() throws Exception {
        replicated(3);
        Path snapshots = folder.resolve("replica/ltx/9");
        try (Stream<Path> files = Files.list(snapshots)) {
            for (Path file : files.toList()) {
                Files.writeString(file, "damaged");
            }
        }
        assertNothingIsStarted(RunnelCommand.url(folder.resolve("replica")));
    }

    private void assertNothingIsStarted(String url) throws Exception {
        Path config = Files.writeString(folder.resolve("runnel.yml"), """
                exec: sh -c 'touch "%1$s/started"'
                dbs: [{path: "%1$s/app.db", restore-if-db-not-exists: true, replica: {url: "%2$s"}}]
                """.formatted(folder, url));
        try (Child runnel = Child.start(
                RunnelCommand.of("replicate", "-config", config.toString()),
                Map.of("AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s"))) {
            SupervisedProgram.awaitExit(runnel, 1);
            assertThat(runnel.transcript())
                    .contains("app.db does not exist and could not be restored, so nothing is started")
                    .doesNotContain("initialized db");
        }
        assertThat(folder.resolve("started")).doesNotExist();
        assertThat(program.database()).doesNotExist();
        assertThat(folder.resolve(".app.db-runnel")).doesNotExist();
    }

    /** Leaves a replica of a database with some rows, and neither the database nor what Runnel knows of it. */
    private void replicated(int rows) throws Exception {
        program.createDatabase(rows);
        try (Child runnel = program.start("exit 0")) {
            SupervisedProgram.awaitExit(runnel, 0);
        }
        Files.delete(program.database());
        Scene.deleteTree(folder.resolve(".app.db-runnel"));
    }
}

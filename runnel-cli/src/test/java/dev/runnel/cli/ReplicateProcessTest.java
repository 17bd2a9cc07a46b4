package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: its log, its exit status, and what it does on signals. */
@Timeout(120)
@Tag("slow")
class ReplicateProcessTest {
    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void createDatabase() throws SQLException {
        sql("PRAGMA journal_mode = wal", "CREATE TABLE t (id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void i37ASignalDoesALastSyncAndTheStatusSaysThatAllIsThere() throws Exception {
        Process runnel = start("replicate", "app.db", "replica");
        readUntil(runnel, "pages at TXID");
        sql("INSERT INTO t VALUES (3)");
        signal(runnel);
        assertThat(readUntil(runnel, "everything is at the replicas")).anyMatch(line -> line.contains("shutting down"));
        assertThat(runnel.waitFor()).isZero();

        Process restore = start("restore", "-o", "copy.db", "replica");
        assertThat(restore.waitFor()).isZero();
        assertThat(rows("copy.db")).isEqualTo(3);
    }

    @Test
    void i37TheStatusSaysThatSomethingIsMissing() throws Exception {
        Files.createFile(folder.resolve("in the way"));
        Files.writeString(folder.resolve("runnel.yml"), """
                shutdown-sync-timeout: 100ms
                dbs: [{path: app.db, replica: {path: "in the way/replica"}}]
                """);
        Process runnel = start("replicate", "-config", "runnel.yml");
        readUntil(runnel, "level=WARN");
        signal(runnel);
        readUntil(runnel, "not everything is at the replica");
        assertThat(runnel.waitFor()).isEqualTo(1);
    }

    @Test
    void i37ASecondSignalEndsAtOnce() throws Exception {
        Files.createFile(folder.resolve("in the way"));
        Process runnel = start("replicate", "app.db", "in the way/replica");
        readUntil(runnel, "level=WARN");
        signal(runnel);
        readUntil(runnel, "shutting down");
        signal(runnel);
        assertThat(runnel.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(runnel.exitValue()).isEqualTo(1);
    }

    @Test
    void aSecondRunnelOnADatabaseIsRefused() throws Exception {
        Process first = start("replicate", "app.db", "replica");
        readUntil(first, "pages at TXID");
        Process second = start("replicate", "app.db", "other");
        assertThat(readUntil(second, "no database can be followed"))
                .anyMatch(line -> line.contains("level=ERROR") && line.contains(Long.toString(first.pid())));
        assertThat(second.waitFor()).isEqualTo(1);
        assertThat(folder.resolve("other")).doesNotExist();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.runnel.cli.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        started.add(process);
        return process;
    }

    /** Sends SIGTERM and, unlike {@link Process#destroy}, leaves the log open. */
    private static void signal(Process process) {
        assertThat(process.toHandle().destroy()).isTrue();
    }

    /** Reads the log up to a line with some text, and gives what was read. */
    private static List<String> readUntil(Process process, String text) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        while (lines.isEmpty() || !lines.getLast().contains(text)) {
            String line = log.readLine();
            assertThat(line).as("a line with \"%s\" after %s", text, lines).isNotNull();
            lines.add(line);
        }
        return lines;
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.db"));
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    private int rows(String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(database));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
            row.next();
            return row.getInt(1);
        }
    }
}

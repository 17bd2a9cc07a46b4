package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a running daemon, as somebody types them. */
class ControlCommandsTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String TXID = "[0-9]+";

    @TempDir
    Path folder;

    private Scene scene = new Scene(Path.of(""));
    private Path socket = Path.of("");

    @BeforeEach
    void setScene() throws IOException, SqlFailure {
        scene = new Scene(folder);
        socket = folder.resolve("control.sock");
        Files.writeString(config(), """
                socket: {enabled: true, path: %s, permissions: 0600}
                dbs:
                  - path: %s
                    replica: {path: %s}
                """.formatted(socket, scene.database(), scene.replicaFolder()));
        try (SqlSession session = JdbcSession.open(scene.database())) {
            session.run("pragma journal_mode=wal", "create table t(a)");
        }
    }

    private Path config() {
        return folder.resolve("runnel.yml");
    }

    @Test
    void aDaemonIsAskedAndTold() throws SqlFailure {
        try (ProgramEngine engine = ProgramEngine.startWith(config(), scene::replica)) {
            engine.awaitLog(Pattern.compile(".*msg=\"control socket\".*"));
            try (SqlSession session = JdbcSession.open(scene.database())) {
                session.run("insert into t values(1)");
            }
            assertThat(run(0, "sync", "-wait", "-now"))
                    .matches("db_path: %s\ntxid: (%s)\nreplica_txid: \\1\nduration_ms: [0-9]+\n"
                            .formatted(scene.database(), TXID));
            assertThat(run(0, "info")).matches("""
                    Runnel [^\n]+
                      PID:        %d
                      Uptime:     [0-9]+s
                      Started at: [^\n]+Z
                      Databases:  1
                    """.formatted(engine.pid()));
            assertThat(run(0, "list"))
                    .matches("%s \\[replicating] \\(last sync: [^\n]+Z\\)\n".formatted(scene.database()));
            assertThat(run(0, "stop")).matches("""
                    status: stopped
                    db_path: %s
                    state: stopped
                    txid: %s
                    socket: %s
                    """.formatted(scene.database(), TXID, socket));
            assertThat(run(1, "sync")).isEqualTo("Error: sync failed: database not open: " + scene.database() + "\n");
            assertThat(run(0, "start")).startsWith("status: started\n").contains("\nstate: running\n");
            assertThat(run(0, "unregister"))
                    .startsWith("status: unregistered\n")
                    .contains("\nfinal_txid: ");
            assertThat(run(0, "list")).isEqualTo("No databases configured\n");
            assertThat(run(0, "register", "-replica", RunnelCommand.url(scene.replicaFolder())))
                    .startsWith("status: registered\n");
            assertThat(run(0, "sync", "-wait", "-json")).contains("\"replica_txid\": ");
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        assertThat(socket).doesNotExist();
        assertThat(run(1, "info")).startsWith("Error: failed to connect to control socket: " + socket);
    }

    @Test
    void statusIsOfTheDaemonAndWithoutOneOfThisMachine() {
        try (ProgramEngine engine = ProgramEngine.startWith(config(), scene::replica)) {
            engine.awaitHistory();
            assertThat(status()).matches("""
                    database +status +local txid +wal size
                    %s +ok +[0-9a-f]{16} +[^\n]+

                    database +replica +health +txid +lag +last sync
                    %s +%s +healthy +[0-9a-f]{16} +none +[^\n]+Z
                    """.formatted(scene.database(), scene.database(), scene.replicaFolder()));
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        assertThat(status())
                .contains("The daemon cannot be asked: failed to connect")
                .containsPattern("%s +ok +[0-9a-f]{16} ".formatted(scene.database()));
    }

    private String status() {
        return RunnelCommand.run(LIMIT, 0, "status", "-config", config().toString()) + "\n";
    }

    private String run(int exit, String command, String... flags) {
        String[] line = new String[flags.length + 4];
        line[0] = command;
        line[1] = "-socket";
        line[2] = socket.toString();
        System.arraycopy(flags, 0, line, 3, flags.length);
        line[line.length - 1] = scene.database().toString();
        boolean isAboutAll = command.equals("info") || command.equals("list");
        return RunnelCommand.run(LIMIT, exit, isAboutAll ? Arrays.copyOf(line, line.length - 1) : line) + "\n";
    }
}

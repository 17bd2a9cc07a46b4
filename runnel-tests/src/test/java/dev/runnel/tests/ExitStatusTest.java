package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit status of {@code replicate} is 0 only if every configured database was followed and is complete everywhere. */
@Tag("slow")
class ExitStatusTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private Child start(String databases, String... arguments) throws IOException {
        Path config = Files.writeString(folder.resolve("runnel.yml"), databases);
        String[] all = new String[arguments.length + 3];
        all[0] = "replicate";
        all[1] = "-config";
        all[2] = config.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Child.start(RunnelCommand.of(all), Map.of("AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s"));
    }

    private static void make(Path database) throws SqlFailure {
        try (JdbcSession session = JdbcSession.open(database)) {
            session.run("pragma journal_mode=wal", "create table t(x)", "insert into t values(1)");
        }
    }

    @Test
    void i52AMistypedPathIsAWarningAndAFailureAndLeavesNothingBehind() throws IOException, SqlFailure {
        make(folder.resolve("app.db"));
        try (Child runnel = start("""
                logging: {level: warn}
                dbs:
                  - {path: %1$s/app.db, replica: {path: %1$s/replica}}
                  - {path: %1$s/ap.db, replica: {path: %1$s/other}}
                """.formatted(folder))) {
            runnel.awaitLine(Pattern.compile(".*level=WARN.*ap\\.db does not exist, so nothing is backed up.*"), LIMIT);
            runnel.signal("TERM");
            assertThat(runnel.awaitExit(LIMIT)).as(runnel.transcript()).isEqualTo(1);
            assertThat(runnel.transcript())
                    .containsOnlyOnce("not everything is at the replica: " + folder + "/ap.db")
                    .contains("/ap.db: nothing was captured");
        }
        assertThat(folder.resolve(".ap.db-runnel")).doesNotExist();
        assertThat(new Restores(folder.resolve("replica"), folder).latest()).exists();
    }

    @Test
    void i52AFolderThatIsNotThereIsAnErrorAndIsNotCreated() throws IOException {
        try (Child runnel = start("dbs: [{path: %1$s/no/app.db, replica: {path: %1$s/replica}}]".formatted(folder))) {
            assertThat(runnel.awaitExit(LIMIT)).as(runnel.transcript()).isEqualTo(1);
            assertThat(runnel.transcript()).contains("the folder " + folder + "/no does not exist");
        }
        assertThat(folder.resolve("no")).doesNotExist();
    }

    @Test
    void i52OnceEndsWhereTheServiceRefuses() throws IOException, SqlFailure {
        make(folder.resolve("app.db"));
        HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            byte[] body =
                    "<Error><Code>AccessDenied</Code><Message>no</Message></Error>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(403, exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
            exchange.getResponseBody().write(exchange.getRequestMethod().equals("HEAD") ? new byte[0] : body);
            exchange.close();
        });
        service.start();
        try (Child runnel = start("""
                dbs:
                  - path: %s/app.db
                    replica: {url: "s3://bkt/app?endpoint=http://127.0.0.1:%d&region=us-east-1"}
                """.formatted(folder, service.getAddress().getPort()), "-once")) {
            assertThat(runnel.awaitExit(LIMIT)).as(runnel.transcript()).isEqualTo(1);
            assertThat(runnel.transcript()).contains("AccessDenied").contains("not everything is at the replica");
        } finally {
            service.stop(0);
        }
    }
}

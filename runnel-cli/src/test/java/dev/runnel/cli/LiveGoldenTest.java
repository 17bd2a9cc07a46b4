package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.cli.config.SocketConfig;
import dev.runnel.cli.control.ControlApi;
import dev.runnel.cli.control.ControlServer;
import dev.runnel.cli.control.DaemonInfo;
import dev.runnel.engine.EngineSettings;
import dev.runnel.location.FolderLocation;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DatabaseSpecs;
import dev.runnel.setup.FollowedDatabases;
import dev.runnel.setup.Locations;
import dev.runnel.setup.Replicas;
import dev.runnel.sqlite.Embedding;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command lines that were run beside a daemon of Litestream 0.5.16, run in their order beside ours. */
class LiveGoldenTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.5");
    private static final Map<String, String> VARYING = Map.of(
            "<PID>", "[0-9]+",
            "<N>", "[0-9]+",
            "<TIME>", "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z",
            "<DURATION>", "[0-9]+s");

    @TempDir
    Path data;

    @Test
    void behavesAsLitestreamDid() throws Exception {
        for (String name : List.of("live", "live2")) {
            try (SqlSession session = JdbcSession.open(data.resolve(name + ".db"))) {
                session.run("pragma journal_mode=wal", "create table t(a)");
            }
        }
        List<GoldenCase> cases = GoldenCase.readAll(FIXTURES.resolve("cli/cases.json")).stream()
                .filter(recorded -> recorded.id().startsWith(GoldenTest.LIVE))
                .toList();
        assertThat(cases).hasSizeGreaterThan(15);
        DatabaseConfig config =
                DatabaseConfig.of(data.resolve("live.db"), List.of(new FolderLocation(data.resolve("live-replica"))));
        try (Replicas replicas = new Replicas(Disk.system(), Clock.system(), Map.of());
                FollowedDatabases followed = FollowedDatabases.start(
                        List.of(config), new DatabaseSpecs(replicas), EngineSettings.of(Embedding.EMBEDDED));
                ControlServer _ = ControlServer.start(
                        new SocketConfig(data.resolve("l.sock"), PosixFilePermissions.fromString("rw-------")),
                        new ControlApi(
                                followed,
                                new Locations(data, data, Map.of()),
                                DaemonInfo.now("v0.5.16", Clock.system())))) {
            assertThat(followed.await(config).now(Duration.ofMinutes(1))).isTrue();
            for (GoldenCase recorded : cases) {
                if (recorded.id().equals("live-register-again")) {
                    awaitSnapshot(followed);
                }
                check(recorded);
            }
        }
    }

    /** What was registered is read for the first time only after the command has ended. */
    private void awaitSnapshot(FollowedDatabases followed) throws IOException, InterruptedException {
        DatabaseConfig second = followed.list().getLast().config();
        assertThat(followed.await(second).now(Duration.ofMinutes(1))).isTrue();
    }

    private void check(GoldenCase recorded) throws SqlFailure {
        List<String> arguments = recorded.arguments().stream().map(this::here).toList();
        Outcome outcome = Outcome.of(arguments, data, Map.of());
        assertThat(outcome.exit()).as(recorded.id() + ": " + outcome.stderr()).isEqualTo(recorded.exit());
        assertThat(outcome.stderr()).as(recorded.id()).isEqualTo(here(recorded.stderr()));
        assertThat(outcome.stdout()).as(recorded.id()).matches(pattern(here(recorded.stdout())));
    }

    /** TXIDs are ours: how many there are by then depends on what the first look at a database finds. */
    private static Pattern pattern(String recorded) {
        String pattern =
                Pattern.quote(recorded.replace("Litestream ", "Runnel ").replaceAll("(txid\"?: )1\\b", "$1<N>"));
        for (Map.Entry<String, String> each : VARYING.entrySet()) {
            pattern = pattern.replace(each.getKey(), "\\E" + each.getValue() + "\\Q");
        }
        return Pattern.compile(pattern);
    }

    private String here(String text) {
        return text.replace("/data", data.toString());
    }
}

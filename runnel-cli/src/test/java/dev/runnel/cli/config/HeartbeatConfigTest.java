package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.setup.Locations;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where heartbeats go, and how often. */
class HeartbeatConfigTest {
    @TempDir
    private Path folder;

    @Test
    void thereIsOneForAllAndOneForEachDatabaseThatHasOne() throws IOException {
        assertThat(read("""
                heartbeat-url: https://ping.example.com/all
                heartbeat-interval: 2m
                dbs:
                  - {path: /data/a.db, heartbeat-url: "http://10.0.0.1:8000/a?x=1", replica: {path: /backup/a}}
                  - {path: /data/b.db, replica: {path: /backup/b}}
                  - {path: /data/c.db, heartbeat-url: HTTPS://x/c, heartbeat-interval: 1h, replica: {path: /backup/c}}
                """).daemon().heartbeats())
                .containsExactly(
                        new HeartbeatConfig(
                                Optional.empty(), URI.create("https://ping.example.com/all"), Duration.ofMinutes(2)),
                        new HeartbeatConfig(
                                Optional.of(Path.of("/data/a.db")),
                                URI.create("http://10.0.0.1:8000/a?x=1"),
                                Duration.ofMinutes(2)),
                        new HeartbeatConfig(
                                Optional.of(Path.of("/data/c.db")), URI.create("HTTPS://x/c"), Duration.ofHours(1)));
    }

    @Test
    void fiveMinutesAreUsual() throws IOException {
        assertThat(read("heartbeat-url: https://x\n").daemon().heartbeats())
                .extracting(HeartbeatConfig::interval)
                .containsExactly(Duration.ofMinutes(5));
        assertThat(read("heartbeat-url: ''\nheartbeat-interval: 1m\n").daemon().heartbeats())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://secret",
                "secret",
                "https://",
                "https://x:65536/secret",
                "https:/secret",
                "'https://a b/secret'",
                "//secret"
            })
    void aUrlMustBeHttp(String url) {
        for (String text : List.of(
                "heartbeat-url: " + url + "\n",
                "dbs: [{path: /a.db, heartbeat-url: " + url + ", replica: {path: /b}}]\n")) {
            assertThat(problems(text))
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.message())
                            .startsWith("heartbeat URL must be a valid HTTP or HTTPS URL")
                            .doesNotContain("secret"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"59s", "0s", "-5m"})
    void anIntervalIsAtLeastAMinute(String interval) {
        assertThat(problems("heartbeat-interval: " + interval + "\n"))
                .containsExactly(
                        new Problem(1, 21, "heartbeat-interval", "heartbeat interval must be at least 1 minute"));
    }

    @Test
    void twoThatPingOneUrlWouldHideEachOthersFailures() {
        assertThat(problems("""
                heartbeat-url: https://x/1
                dbs:
                  - {path: /data/a.db, heartbeat-url: https://x/1, replica: {path: /backup/a}}
                  - {path: /data/b.db, heartbeat-url: https://x/2, replica: {path: /backup/b}}
                  - {path: /data/c.db, heartbeat-url: https://x/2, replica: {path: /backup/c}}
                """))
                .extracting(problem -> problem.path() + ": " + problem.message())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("dbs[0].heartbeat-url: the top of the file has this URL"),
                        second -> assertThat(second).startsWith("dbs[2].heartbeat-url: dbs[1] has this URL"));
    }

    @Test
    void aDatabaseWithoutAReplicaHasNoUseForOne() throws IOException {
        assertThat(read("dbs: [{path: /data/a.db, heartbeat-url: https://x}]\n").notices())
                .extracting(Notice::message)
                .anyMatch(message -> message.startsWith("dbs[0] has a heartbeat-url that is never requested"));
    }

    @Test
    void onlySchemeHostAndPortAreShown() {
        HeartbeatConfig config = new HeartbeatConfig(
                Optional.empty(), URI.create("https://me:secret@x.example:81/secret?secret#secret"), Duration.ZERO);
        assertThat(config.shownUrl()).isEqualTo("https://x.example:81");
        assertThat(config.toString()).doesNotContain("secret");
    }

    private Config read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("runnel.yml"), text);
        return new ConfigFile(Map.of(), new Locations(folder, folder, Map.of())).read(file, Expansion.EXPAND);
    }

    private List<Problem> problems(String text) {
        return catchThrowableOfType(ConfigException.class, () -> read(text)).problems();
    }
}

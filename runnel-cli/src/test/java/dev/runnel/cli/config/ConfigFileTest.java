package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.capture.AttachRules.FileSystems;
import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.cli.supervision.CommandLine;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.location.FolderLocation;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Layout;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.StoreOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ConfigFileTest {
    private static final String COMMON = """
            # two databases
            sync-interval: 2s
            shutdown-sync-timeout: 5s
            logging: {level: DEBUG, type: json, stderr: yes, source: on}
            dbs:
              - path: ~/app.db
                replica:
                  url: file:///backup/app
              - path: sqlite:///data/other.db
                meta-path: meta/other
                busy-timeout: 3s
                attach: always
                journal-mode: keep
                checkpoint: never
                wal-limit: 128MiB
                log-limit: 2GiB
                replicas:
                  - type: file
                    path: /backup/other
                    sync-interval: 100ms
                  - name: second disk
                    path: /disk2/other
            """;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void chooseFile() {
        file = folder.resolve("runnel.yml");
    }

    @Test
    void readsTheCommonConfiguration() throws IOException {
        Config config = read(COMMON);
        assertThat(config.databases())
                .containsExactly(
                        new DatabaseConfig(
                                Path.of("/home/me/app.db"),
                                Path.of("/home/me/.app.db-runnel"),
                                List.of(new ReplicaConfig(
                                        "file",
                                        new FolderLocation(Path.of("/backup/app")),
                                        Duration.ofSeconds(2),
                                        StoreOptions.DEFAULT,
                                        Layout.Ltx.DEFAULT)),
                                Duration.ofSeconds(1),
                                DatabaseSpec.Attach.AUTO,
                                DatabaseSpec.Journal.WAL,
                                DatabaseSpec.Checkpoints.AUTO,
                                64 << 20,
                                1 << 30,
                                FileSystems.LOCAL),
                        new DatabaseConfig(
                                Path.of("/data/other.db"),
                                Path.of("/start/meta/other"),
                                List.of(
                                        new ReplicaConfig(
                                                "file",
                                                new FolderLocation(Path.of("/backup/other")),
                                                Duration.ofMillis(100),
                                                StoreOptions.DEFAULT,
                                                Layout.Ltx.DEFAULT),
                                        new ReplicaConfig(
                                                "second disk",
                                                new FolderLocation(Path.of("/disk2/other")),
                                                Duration.ofSeconds(2),
                                                StoreOptions.DEFAULT,
                                                Layout.Ltx.DEFAULT)),
                                Duration.ofSeconds(3),
                                DatabaseSpec.Attach.ALWAYS,
                                DatabaseSpec.Journal.KEEP,
                                DatabaseSpec.Checkpoints.NEVER,
                                128 << 20,
                                2L << 30,
                                FileSystems.LOCAL));
        assertThat(config.databases())
                .extracting(DatabaseConfig::syncInterval)
                .containsExactly(Duration.ofSeconds(2), Duration.ofMillis(100));
        assertThat(config.logging())
                .isEqualTo(new LogConfig(
                        LogConfig.Level.DEBUG, LogConfig.Format.JSON, LogConfig.Stream.STDERR, LogConfig.Source.SHOWN));
        assertThat(config.daemon().shutdownSyncTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.notices()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "~\n", "dbs:\n", "dbs: []\n", "logging:\ndbs:\n"})
    void aFileWithoutDatabasesIsFine(String text) throws IOException {
        Config config = read(text);
        assertThat(config.databases()).isEmpty();
        assertThat(config.logging()).isEqualTo(LogConfig.DEFAULT);
    }

    @Test
    void i40AnUnknownKeyIsAnErrorWithPlaceAndNearestKnownKey() {
        assertThat(problems("""
                dbs:
                  - path: /data/app.db
                    replica:
                      pth: /backup/app
                      path: /backup/app
                """))
                .containsExactly(new Problem(4, 7, "dbs[0].replica.pth", "unknown key; did you mean \"path\"?"));
    }

    @Test
    void allProblemsAreReportedAtOnceInTheOrderOfTheFile() {
        assertThat(problems("""
                colour: blue
                logging:
                  level: loud
                dbs:
                  - path: /data/app.db
                    busy-timeout: 5
                    wal-limit: 4k
                    replica:
                      path: s3://bucket/app
                  - replica: /backup/b
                """))
                .extracting(Problem::toString)
                .containsExactly(
                        "line 1, column 1: colour: unknown key",
                        "line 3, column 10: logging.level: expected trace or debug or info or warn or warning or error,"
                                + " found \"loud\"",
                        "line 6, column 19: dbs[0].busy-timeout: expected a duration such as 5s or 5ms, found \"5\"",
                        "line 7, column 16: dbs[0].wal-limit: must be at least 1MiB",
                        "line 9, column 13: dbs[0].replica.path: a path cannot be a URL; write it as \"url\":"
                                + " s3://bucket/app",
                        "line 10, column 5: dbs[1]: a database needs \"path\", or \"dir\" for all databases of a folder",
                        "line 10, column 14: dbs[1].replica: expected keys and values, found \"/backup/b\"");
    }

    @Test
    void severalProblemsAreShownInSeveralLines() {
        ConfigException e = fail("colour: blue\nshape: round\n");
        assertThat(e)
                .hasMessage(file + " has 2 problems:\n  line 1, column 1: colour: unknown key\n"
                        + "  line 2, column 1: shape: unknown key");
        assertThat(fail("colour: blue\n")).hasMessage(file + ", line 1, column 1: colour: unknown key");
    }

    @Test
    void i40TwoDatabasesInOneFileAreRefused() throws IOException {
        Files.createFile(folder.resolve("app.db"));
        Files.createSymbolicLink(folder.resolve("link.db"), folder.resolve("app.db"));
        assertThat(problems("""
                dbs:
                  - path: FOLDER/app.db
                    replica: {path: /backup/a}
                  - path: FOLDER/./link.db
                    meta-path: /meta
                    replica: {path: /backup/b}
                """.replace("FOLDER", folder.toString())))
                .containsExactly(new Problem(
                        4, 5, "dbs[1].path", "dbs[0] is this database already: " + folder.resolve("link.db")));
    }

    @Test
    void i40TwoDatabasesOnOneReplicaAreRefused() {
        assertThat(problems("""
                dbs:
                  - path: /data/a.db
                    replica: {path: /backup/app}
                  - path: /data/b.db
                    replica: {url: "file:///backup/../backup/app/"}
                """))
                .containsExactly(new Problem(
                        5, 14, "dbs[1].replica", "dbs[0].replica has the same location already: /backup/app"));
    }

    @Test
    void aReplicaIsVerifiedAsOftenAsItSaysOrAsTheFileSays() throws IOException {
        String file = """
                validation: {interval: 6h}
                dbs:
                  - path: /data/a.db
                    replicas:
                      - {name: as all, path: /backup/a}
                      - {name: of its own, path: /backup/b, validation-interval: 24h}
                      - {name: never, path: /backup/c, validation-interval: 0s}
                """;
        assertThat(read(file).databases().getFirst().replicas())
                .extracting(ReplicaConfig::verifyInterval)
                .containsExactly(Optional.of(Duration.ofHours(6)), Optional.of(Duration.ofHours(24)), Optional.empty());
        assertThat(read("validation: {interval: -1s}\n" + COMMON)
                        .databases()
                        .getFirst()
                        .replicas())
                .extracting(ReplicaConfig::verifyInterval)
                .containsExactly(Optional.empty());
        assertThat(problems("validation: {intervall: 1h}\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("did you mean \"interval\"?"));
    }

    @ParameterizedTest
    @CsvSource({"':9090', 0.0.0.0, 9090", "127.0.0.1:1, 127.0.0.1, 1", "'[::1]:9090', 0:0:0:0:0:0:0:1, 9090"})
    void metricsAreServedWhereTheFileSays(String text, String host, int port) throws IOException {
        InetSocketAddress address =
                read("addr: \"" + text + "\"\n").daemon().metricsAddress().orElseThrow();
        assertThat(address.getAddress().getHostAddress()).isIn(host, "0:0:0:0:0:0:0:0");
        assertThat(address.getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9090", "a:b:1", ":", ":65536", "127.0.0.1", "[::1]"})
    void anAddressThatIsNoneIsAnError(String text) {
        assertThat(problems("addr: \"" + text + "\"\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("such as :9090", text));
    }

    @Test
    void twoDatabasesInOneMetaFolderAreRefused() {
        assertThat(problems("""
                dbs:
                  - {path: /data/a.db, meta-path: /meta, replica: {path: /backup/a}}
                  - {path: /data/b.db, meta-path: /meta, replica: {path: /backup/b}}
                """))
                .containsExactly(new Problem(3, 24, "dbs[1].meta-path", "dbs[0] has this meta folder already: /meta"));
    }

    @Test
    void anApplicationIsReadAsAProgramAndItsArguments() throws IOException {
        assertThat(read("exec: app -name 'my app'\n").daemon().exec())
                .contains(new CommandLine(List.of("app", "-name", "my app")));
        assertThat(read("exec: \"\"\n").daemon().exec()).isEmpty();
        assertThat(read("addr: :9090\n").daemon().exec()).isEmpty();
    }

    @Test
    void anApplicationThatCannotBeReadIsRefusedWithItsPosition() {
        assertThat(problems("exec: sh -c 'app\n"))
                .containsExactly(new Problem(1, 7, "exec", "the quote ' at character 7 of the command does not end"));
        assertThat(problems("exec:\n  - app\n  - other\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("one command in one line", "lists"));
        assertThat(problems("exec: {cmd: app}\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("one command in one line"));
    }

    @Test
    void databasesThatAreRestoredIfTheyAreMissingAreKnownByTheirPaths() throws IOException {
        Config config = read("""
                dbs:
                  - {path: /data/a.db, restore-if-db-not-exists: true, replica: {path: /backup/a}}
                  - {path: /data/b.db, restore-if-db-not-exists: false, replica: {path: /backup/b}}
                  - {path: /data/c.db, replica: {path: /backup/c}}
                  - {path: /data/d.db}
                """);
        assertThat(config.restoredIfMissing()).containsExactly(Path.of("/data/a.db"));
        assertThat(config.restoringAll().restoredIfMissing())
                .containsExactlyInAnyOrder(Path.of("/data/a.db"), Path.of("/data/b.db"), Path.of("/data/c.db"));
    }

    @Test
    void aDatabaseWithoutAReplicaCannotBeRestored() {
        assertThat(problems("dbs: [{path: /data/a.db, restore-if-db-not-exists: true}]\n"))
                .containsExactly(new Problem(
                        1, 26, "dbs[0].restore-if-db-not-exists", "a database without a replica cannot be restored"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcp-addr: \":3001\"", "age: {identities: [x]}"})
    void whatIsNotBuiltYetIsAnErrorThatSaysSo(String key) {
        assertThat(problems(key + "\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("not supported yet"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "addr: \"\"",
                "addr:",
                "socket: {enabled: false, path: /x}",
                "levels: []",
                "retention: {enabled: no}",
                "mcp-addr: ~"
            })
    void whatIsSwitchedOffIsFine(String key) throws IOException {
        assertThat(read(key + "\n").notices()).isEmpty();
    }

    @Test
    void aKeyThatIsNotNeededGetsANotice() throws IOException {
        Config config = read("""
                dbs:
                  - path: /data/app.db
                    checkpoint-interval: 1m
                    min-checkpoint-page-count: 1000
                    replica: {path: /backup/app}
                """);
        assertThat(config.notices())
                .extracting(Notice::message)
                .satisfiesExactly(
                        second -> assertThat(second).startsWith("dbs[0].checkpoint-interval has no effect: "),
                        third -> assertThat(third).startsWith("dbs[0].min-checkpoint-page-count has no effect: "));
    }

    @Test
    void aTypeThatIsNotBuiltIsOneProblemWhateverKeysItHas() {
        assertThat(problems("""
                dbs:
                  - path: /data/app.db
                    replica: {type: abs, bucket: b, path: p, account-name: x, concurrency: 3}
                """))
                .containsExactly(new Problem(
                        3,
                        15,
                        "dbs[0].replica.type",
                        "replicas of type abs are not supported yet; a replica is a folder (type file) or a path in a bucket"
                                + " (type s3)"));
    }

    @Test
    void keysOfAnotherTypeAreRefusedAtAFolder() {
        assertThat(problems("""
                dbs:
                  - path: /data/app.db
                    replica: {path: /backup/app, bucket: b}
                """)).extracting(Problem::path).containsExactly("dbs[0].replica.bucket");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replica: {}",
                "replica: {path: /a, url: file:///a}",
                "replica: {type: tape, path: /a}",
                "replicas: [{path: /a}, {path: /b}]",
                "replica: {url: tape://x/y}",
                "replica: {url: /plain}",
                "replica: {url: \"gs://b/p\"}",
                "replica: {url: \"s3://b/p?colour=blue\"}",
                "replica: {url: \"s3://b/p\", path: q}",
                "replica: {url: \"s3://b/p\", bucket: c}",
                "replica: {type: s3, path: p}",
                "replica: {type: s3, bucket: b, host: h}",
                "replica: {type: s3, bucket: b, access-key-id: id}",
                "replica: {type: s3, bucket: b, part-size: 1MiB}",
                "replica: {type: s3, bucket: b, concurrency: many}",
                "replica: {type: s3, bucket: b, sign-payload: perhaps}",
                "replica: {type: s3, bucket: b, sse-customer-key-path: /none/such}",
                "replica: {type: s3, bucket: b, path: \"s3://b/p\"}",
                "replica: {path: ''}",
                "replica: {url: \"file:///a?x=1\"}",
                "replica: [a]",
                "replicas: {path: /a}",
                "replica: {path: /a, sync-interval: 0s}",
                "replica: {path: /a, name: ' '}",
                "{replica: {path: /a}, replicas: [{path: /b}]}"
            })
    void aReplicaThatIsMissingOrWrongIsAProblemOfItsDatabase(String replica) {
        String text = replica.startsWith("{") ? replica.substring(1, replica.length() - 1) : replica;
        assertThat(problems("dbs: [{path: /data/app.db, " + text + "}]\n"))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.path()).startsWith("dbs[0]"));
    }

    @Test
    void aKeyThatIsThereTwiceIsAProblem() {
        assertThat(problems("sync-interval: 1s\nsync-interval: 2s\n"))
                .containsExactly(new Problem(2, 1, "sync-interval", "this key appears twice"));
    }

    @Test
    void anchorsAndMergesWork() throws IOException {
        Config config = read("""
                dbs:
                  - &first
                    path: /data/a.db
                    busy-timeout: 7s
                    replica: {path: /backup/a}
                  - <<: *first
                    path: /data/b.db
                    replica: {path: /backup/b}
                """);
        assertThat(config.databases())
                .extracting(DatabaseConfig::path, DatabaseConfig::busyTimeout)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Path.of("/data/a.db"), Duration.ofSeconds(7)),
                        org.assertj.core.groups.Tuple.tuple(Path.of("/data/b.db"), Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dbs: [", "a: b: c", "\t- x", "- a", "just words", "a: 1\n---\nb: 2\n", "a: &x {<<: *x}\n"})
    void whatIsNotAMappingOfYamlIsAnErrorWithAPlace(String text) {
        assertThat(problems(text)).isNotEmpty();
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws IOException {
        Files.write(file, new byte[] {'a', ':', (byte) 0xff});
        assertThatThrownBy(() -> reader(Map.of()).read(file, Expansion.EXPAND)).hasMessageContaining("not UTF-8");
    }

    @Test
    void variablesAreExpandedUnlessForbidden() throws IOException {
        String text = "dbs: [{path: $DATA/app.db, replica: {path: '${BACKUP}/app'}}]\n";
        Files.writeString(file, text);
        Config expanded = reader(Map.of("DATA", "/data")).read(file, Expansion.EXPAND);
        assertThat(expanded.databases().getFirst().path()).isEqualTo(Path.of("/data/app.db"));
        assertThat(expanded.databases().getFirst().replicas())
                .containsExactly(ReplicaConfig.at(new FolderLocation(Path.of("/app"))));
        assertThat(expanded.notices()).containsExactly(new Notice("environment variable BACKUP is not set"));
        Config kept = reader(Map.of("DATA", "/data")).read(file, Expansion.KEEP_TEXT);
        assertThat(kept.databases().getFirst().path()).isEqualTo(Path.of("/start/$DATA/app.db"));
    }

    @Test
    void theDefaultFileIsTheOneOfTheEnvironment() {
        assertThat(reader(Map.of("LITESTREAM_CONFIG", "l.yml")).defaultPath()).isEqualTo(Path.of("/start/l.yml"));
        assertThat(reader(Map.of("LITESTREAM_CONFIG", "l.yml", "RUNNEL_CONFIG", "/r.yml"))
                        .defaultPath())
                .isEqualTo(Path.of("/r.yml"));
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> reader(Map.of()).read(file, Expansion.EXPAND))
                .hasMessage("config file not found: " + file);
    }

    private Config read(String text) throws IOException {
        Files.writeString(file, text);
        return reader(Map.of()).read(file, Expansion.EXPAND);
    }

    private ConfigException fail(String text) {
        return catchThrowableOfType(ConfigException.class, () -> read(text));
    }

    private List<Problem> problems(String text) {
        return fail(text).problems();
    }

    private static ConfigFile reader(Map<String, String> environment) {
        return new ConfigFile(environment, new Locations(Path.of("/start"), Path.of("/home/me"), environment));
    }
}

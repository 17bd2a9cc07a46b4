package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Command lines that were run with Litestream 0.5.16, run again: exit status, output and error must be the same, but for
 * what is listed here. {@code docs/migrating.md} tells users of each kind of difference.
 */
class GoldenTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.5");

    private static final Set<String> COMMANDS = Set.of(
            "databases",
            "generations",
            "info",
            "list",
            "ltx",
            "register",
            "replicate",
            "reset",
            "restore",
            "snapshots",
            "start",
            "status",
            "stop",
            "sync",
            "unregister",
            "version",
            "wal");

    /** These were run with a daemon; see {@link LiveGoldenTest}. */
    static final String LIVE = "live-";

    private static final String NO_DAEMON = "Error: failed to connect to control socket: /data/none.sock: ";

    /** Here Litestream's local state is of no use. */
    private static final Set<String> OTHER_STATE =
            Set.of("status", "status-json", "status-two", "reset", "reset-dry-run", "reset-nothing");

    /** The same outcome, said in other words: what our error line contains. */
    private static final Map<String, String> OTHER_WORDS = Map.ofEntries(
            Map.entry(
                    "databases-config-replicas2", "line 5, column 9: dbs[0].replicas[1]: dbs[0].replicas[0] is called"),
            Map.entry("databases-config-both", "line 5, column 5: dbs[0].replicas: \"replica\" is also set"),
            Map.entry("databases-config-nodb", "line 2, column 5: dbs[0]: a database needs \"path\""),
            Map.entry("databases-config-badtype", "line 4, column 7: dbs[0].replica.type: unknown replica type"),
            Map.entry("databases-config-gcs", "line 4, column 7: dbs[0].replica.type: replicas of type gcs are not"),
            Map.entry("databases-config-badyaml", "line 2, column 1: not YAML: expected the node content"),
            Map.entry("databases-config-urlpath", "line 5, column 7: dbs[0].replica.path: \"url\" is also set"),
            Map.entry("databases-config-pathurl", "line 5, column 13: dbs[0].replica.path: a path cannot be a URL"),
            Map.entry("databases-config-nobucket", "line 4, column 7: dbs[0].replica: bucket required for s3 replica"),
            Map.entry("databases-config-age", "line 6, column 7: dbs[0].replica.age: \"age1qqq"),
            Map.entry("databases-config-v-snap0", "snapshot.interval: must be greater than 0, found \"0s\""),
            Map.entry("databases-config-v-ret0", "snapshot.retention: must be greater than 0, found \"0s\""),
            Map.entry("databases-config-v-level0", "levels[0].interval: must be greater than 0, found \"0s\""),
            Map.entry("databases-config-v-l0check0", "l0-retention-check-interval: must be greater than 0, found"),
            Map.entry(
                    "databases-config-v-hb",
                    "line 1, column 16: heartbeat-url: heartbeat URL must be a valid HTTP or HTTPS URL"),
            Map.entry(
                    "databases-config-v-hbi",
                    "line 2, column 21: heartbeat-interval: heartbeat interval must be at least 1"),
            Map.entry("databases-config-v-sync0", "line 6, column 22: dbs[0].replica.sync-interval: must be greater"),
            Map.entry("databases-config-v-dur", "expected a duration such as"),
            Map.entry("restore-dry-run-follow", "flag -f: following a replica is not supported yet"),
            Map.entry("restore-follow-txid", "flag -f: following a replica is not supported yet"),
            Map.entry("restore-follow-timestamp", "flag -f: following a replica is not supported yet"),
            Map.entry("restore-unknown-flag", "-o is required when restoring from a replica URL"),
            Map.entry("generations-is-no-command", "config file not found: "),
            Map.entry("snapshots-is-no-command", "config file not found: "),
            Map.entry("restore-bad-txid", "invalid value \"12\" for flag -txid: invalid txid format: a TXID is 16 hex"),
            Map.entry("restore-bad-timestamp", "invalid -timestamp, must specify in ISO 8601 format (e.g. 2000-01-01"),
            Map.entry("restore-dry-run-empty", "/data/empty: no matching backup files available"),
            Map.entry("restore-empty", "/data/empty: no matching backup files available"),
            Map.entry("restore-empty-config", "/data/empty: no matching backup files available"),
            Map.entry("restore-old-timestamp", "/data/replica: nothing is as old as 2001-01-01T00:00:00Z; nearest"),
            Map.entry("restore-old-timestamp-config", "nothing is as old as 2001-01-01T00:00:00Z; nearest restorable"),
            Map.entry("restore-txid-and-timestamp", "cannot specify -txid & -timestamp to restore"),
            Map.entry("restore-txid-and-timestamp-config", "cannot specify -txid & -timestamp to restore"),
            Map.entry("restore-txid-too-high", "TXID 00000000ffffffff is past the newest one, 000000000000001f"),
            Map.entry("restore-output-exists", "/data/app.db exists already"),
            Map.entry("restore-output-exists-url", "/data/app.db exists already"),
            Map.entry("restore-zero-output-with-sidecar", "/data/zero2.db-wal exists already"),
            Map.entry("restore-output-is-directory", "/data/other2 is a folder"),
            Map.entry("restore-flag-after-path", "flag \"-o\" must be positioned before DB_PATH or REPLICA"),
            Map.entry("restore-bad-scheme", "unknown replica type \"tape\": tape://x/y"),
            Map.entry("info-no-daemon", NO_DAEMON),
            Map.entry("list-no-daemon", NO_DAEMON),
            Map.entry("start-no-daemon", NO_DAEMON),
            Map.entry("stop-no-daemon", NO_DAEMON),
            Map.entry("sync-no-daemon", NO_DAEMON),
            Map.entry("register-no-daemon", NO_DAEMON),
            Map.entry("unregister-no-daemon", NO_DAEMON),
            Map.entry("restore-age", "dbs[0].replica.age: \"age1qqq"),
            Map.entry("replicate-age", "dbs[0].replica.age: \"age1qqq"),
            Map.entry("replicate-two-replicas", "dbs[0].replicas[1]: dbs[0].replicas[0] is called \"file\" already"));

    /** What Litestream does and Runnel refuses: what our error line contains. */
    private static final Map<String, String> REFUSED = Map.of(
            "databases-config-unknownkey", "line 6, column 1: colour: unknown key",
            "databases-config-v-levels9", "levels: compaction level cannot exceed 8",
            "restore-sidecar-without-database", "/data/side.db-wal exists already");

    /** What Litestream 0.5.16 refuses and Runnel does: the first until it is stopped, the second as in 0.3. */
    private static final Set<String> DONE =
            Set.of("replicate-two-urls", "wal-generation", "databases-config-v-l0ret0", "databases-config-noreplica");

    /** An empty replica has no time either; with -if-replica-exists that is no error. */
    private static final Set<String> SOFTER = Set.of("restore-empty-timestamp");

    /** Our planner takes fewer bytes where several ways lead to the same TXID. */
    private static final Set<String> OTHER_FILES = Set.of(
            "restore-dry-run",
            "restore-dry-run-json",
            "restore-dry-run-url",
            "restore-dry-run-txid",
            "restore-dry-run-no-o");

    /** A time includes what has exactly that time, as in Litestream 0.3. */
    private static final Map<String, String> INCLUSIVE_TIME =
            Map.of("restore-dry-run-timestamp", "txid range: 0000000000000001 - 000000000000001f");

    @TempDir
    private Path data;

    private GoldenWorld world;

    @BeforeEach
    void build() throws IOException {
        world = new GoldenWorld(data, FIXTURES);
        world.build();
    }

    @TestFactory
    Stream<DynamicTest> behavesAsLitestreamDid() throws IOException {
        return GoldenCase.readAll(FIXTURES.resolve("cli/cases.json")).stream()
                .filter(recorded ->
                        !DONE.contains(recorded.id()) && !recorded.id().startsWith(LIVE))
                .map(recorded -> DynamicTest.dynamicTest(recorded.id(), () -> check(recorded)));
    }

    private void check(GoldenCase recorded) throws IOException {
        Outcome outcome = world.run(recorded.arguments(), recorded.environment());
        String error = GoldenCase.lastError(outcome.stderr());
        String id = recorded.id();
        if (id.equals("version")) {
            assertThat(outcome).isEqualTo(new Outcome(0, Version.NUMBER + "\n", ""));
        } else if (!COMMANDS.contains(recorded.command()) && recorded.exit() == 0 && !recorded.printsUsage()) {
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(error).isEqualTo("Error: runnel " + recorded.command() + ": unknown command");
        } else if (REFUSED.containsKey(id)) {
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr()).contains(REFUSED.get(id));
        } else if (OTHER_STATE.contains(id)) {
            assertThat(outcome.exit()).isEqualTo(recorded.exit());
            assertThat(outcome.stdout()).containsAnyOf("not initialized", "No local state to reset for /data/app.db");
        } else if (SOFTER.contains(id)) {
            assertThat(outcome.exit()).isZero();
        } else if (INCLUSIVE_TIME.containsKey(id)) {
            assertThat(outcome.stdout()).contains(INCLUSIVE_TIME.get(id));
        } else if (OTHER_FILES.contains(id)) {
            assertThat(outcome.exit()).isEqualTo(recorded.exit());
            assertThat(planWithoutFiles(outcome.stdout())).isEqualTo(planWithoutFiles(recorded.stdout()));
        } else {
            checkSame(recorded, outcome);
        }
    }

    private static void checkSame(GoldenCase recorded, Outcome outcome) {
        assertThat(outcome.exit()).isEqualTo(recorded.exit());
        if (OTHER_WORDS.containsKey(recorded.id())) {
            assertThat(outcome.stderr()).contains(OTHER_WORDS.get(recorded.id()));
        } else if (COMMANDS.contains(recorded.command())) {
            assertThat(withoutResult(outcome.stderr())).isEqualTo(recorded.error());
        }
        if (recorded.printsUsage() && recorded.error().isEmpty()) {
            assertThat(outcome.stdout()).contains("Usage:");
        } else if (recorded.stdout().startsWith("{")) {
            checkHasFieldsOf(recorded, outcome);
        } else if (recorded.exit() == 0) {
            assertThat(comparable(recorded, outcome.stdout())).isEqualTo(comparable(recorded, recorded.stdout()));
        } else {
            assertThat(outcome.stdout())
                    .satisfiesAnyOf(
                            out -> assertThat(out).isEmpty(),
                            out -> assertThat(out).contains("Usage:"));
        }
    }

    /** Fields may be added to JSON, never taken out or changed. */
    private static void checkHasFieldsOf(GoldenCase recorded, Outcome outcome) {
        JsonObject expected =
                JsonParser.parseString(recorded.stdout().replace("<N>", "0")).getAsJsonObject();
        JsonObject actual =
                JsonParser.parseString(outcome.stdout().replace("<N>", "0")).getAsJsonObject();
        actual.keySet().retainAll(expected.keySet());
        assertThat(actual).isEqualTo(expected);
    }

    /** A restore says on the error stream what it has restored; Litestream says nothing. */
    private static String withoutResult(String stderr) {
        return GoldenCase.lastError(stderr.replaceAll("(?m)^restored /data/.*\n", ""));
    }

    /** Columns with paths are wider here, because the temporary folder has a longer name than {@code /data}. */
    private static String comparable(GoldenCase recorded, String stdout) {
        String text = withoutTimeOfPlan(stdout);
        return Set.of("databases", "status").contains(recorded.command()) ? text.replaceAll(" {2,}", "  ") : text;
    }

    private static String withoutTimeOfPlan(String stdout) {
        return stdout.replaceAll("(?m)^  time: .*\n", "");
    }

    private static String planWithoutFiles(String stdout) {
        return withoutTimeOfPlan(stdout)
                .replaceAll("(?s)Files to fetch:.*", "")
                .replaceAll("(?m)^  \"time\": .*\n", "")
                .replaceAll("(?s)\"files\": .*", "");
    }
}

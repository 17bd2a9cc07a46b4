package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Command lines about generations that were run with Litestream 0.3.13, run again: exit status, output of the lists and
 * error must be the same, but for what is named here and in {@code docs/migrating.md}. What a restore logs is not compared.
 */
class GenerationGoldenTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.3");
    private static final Set<String> COMMANDS = Set.of("generations", "snapshots", "wal", "restore");
    private static final Pattern ERROR = Pattern.compile("error=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** The same outcome, said in other words: what our error line contains. */
    private static final Map<String, String> OTHER_WORDS = Map.ofEntries(
            Map.entry("restore-url-without-o", "-o is required when restoring from a replica URL"),
            Map.entry("restore-bad-timestamp", "invalid -timestamp, must specify in ISO 8601 format (e.g. 2000-01-01"),
            Map.entry("restore-old-timestamp", "/data/replica: nothing is as old as 2001-01-01T00:00:00Z; the oldest"),
            Map.entry("restore-output-exists", "/data/app.db exists already"),
            Map.entry("restore-output-exists-url", "/data/app.db exists already"),
            Map.entry("restore-stderr-log", "/data/app.db exists already"),
            Map.entry("restore-empty", "/data/empty: no matching backup files available"),
            Map.entry("restore-empty-config", "/data/empty: no matching backup files available"),
            Map.entry("restore-unknown-generation", "generation 0123456789abcdef: no matching backup files available"),
            Map.entry("restore-unknown-replica", "replica \"nope\" not found for database \"/data/app.db\""),
            Map.entry("restore-flag-after-path", "flag \"-o\" must be positioned before DB_PATH or REPLICA"),
            Map.entry("restore-bad-scheme", "unknown replica type \"tape\": tape://x/y"),
            Map.entry("restore-no-bucket", "s3"),
            Map.entry("generations-no-db-file", "no such file: /data/none.db"));

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
                        COMMANDS.contains(recorded.command()) && !recorded.id().endsWith("-help"))
                .map(recorded -> DynamicTest.dynamicTest(recorded.id(), () -> check(recorded)));
    }

    @Test
    void aLayoutThatThereIsNotIsRefused() throws IOException {
        Files.writeString(data.resolve("layout.yml"), """
                dbs:
                  - {path: /data/app.db, replica: {path: /data/replica, layout: generation}}
                """);
        Outcome outcome = world.run(List.of("databases", "-config", "/data/layout.yml"), Map.of());

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr())
                .contains("dbs[0].replica.layout: expected ltx or generations, found \"generation\"");
    }

    private void check(GoldenCase recorded) throws IOException {
        Outcome outcome = world.run(recorded.arguments(), recorded.environment());
        assertThat(outcome.exit()).as(outcome.stderr()).isEqualTo(recorded.exit());
        if (recorded.exit() != 0) {
            String error = OTHER_WORDS.getOrDefault(recorded.id(), error(recorded));
            assertThat(outcome.stderr()).contains(error);
        } else if (recorded.command().equals("restore")) {
            boolean isSkipped = recorded.id().contains("-if-");
            assertThat(data.resolve("out.db").toFile().exists()).isNotEqualTo(isSkipped);
        } else {
            assertThat(withoutLag(recorded, outcome.stdout())).isEqualTo(withoutLag(recorded, recorded.stdout()));
        }
    }

    private static String error(GoldenCase recorded) {
        Matcher error = ERROR.matcher(recorded.stdout() + recorded.stderr());
        assertThat(error.find()).isTrue();
        return error.group(1).replace("\\\"", "\"");
    }

    /** Where a URL is named, the lag is measured by the clock. */
    private static String withoutLag(GoldenCase recorded, String stdout) {
        return recorded.id().equals("generations-url")
                ? stdout.replaceAll("(?m)^(file +[0-9a-f]{16}) +[^ ]+ +", "$1 ").replaceAll(" +", " ")
                : stdout;
    }
}

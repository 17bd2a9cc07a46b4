package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verify} on what Litestream wrote: it restores, and nothing in it says what the whole database has to be. */
final class VerifyCommandTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures");

    @TempDir
    private Path data;

    private GoldenWorld world;

    @BeforeEach
    void build() throws IOException {
        world = new GoldenWorld(data, FIXTURES.resolve("litestream-0.5"));
        world.build();
        configure("{path: /data/replica}");
    }

    @Test
    void namesBytesAndPagesOfAHistoryWithoutAFault() throws IOException {
        Outcome names = run("verify", "-names", "/data/replica");
        assertThat(names.exit()).as(names.stderr()).isZero();
        assertThat(names.stdout().lines().skip(1))
                .singleElement()
                .asString()
                .matches("/data/replica +file +ltx +complete +names");
        assertThat(names.stderr()).isEqualTo("1 history: 1 in order, 0 not\n");

        JsonObject bytes = json(run("verify", "-bytes", "-json", "/data/replica"));
        assertThat(bytes.get("verdict").getAsString()).isEqualTo("complete");
        assertThat(bytes.get("objects").getAsInt()).isEqualTo(files().size());

        Outcome pages = run("verify", "/data/replica");
        assertThat(pages.exit()).isZero();
        assertThat(pages.stdout().lines().skip(1))
                .singleElement()
                .asString()
                .contains("  without proof  TXID 000000000000001f  ", " kB, checksums of objects")
                .doesNotContain("  restored in");
    }

    @Test
    void aRestoreIsCheckedAndAskedAndLeavesNothing() throws IOException, SQLException {
        Path scratch = data.resolve("scratch");
        String[] restore = {
            "verify", "-restore", "-scratch", "/data/scratch", "-query", "SELECT count(*), 'x' FROM notes"
        };
        String answer = notes() + "|x";

        Outcome outcome = run(with(restore, "/data/replica"));
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        assertThat(outcome.stdout())
                .contains("restored in ")
                .endsWith("answer of /data/replica (file, ltx):\n" + answer + "\n");
        assertThat(run(with(restore, "-expect", answer, "/data/replica")).exit())
                .isZero();

        Outcome wrong = run(with(restore, "-expect", "7|x", "/data/replica"));
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.stderr())
                .contains("damaged: /data/replica (file, ltx): the query answers \"" + answer + "\", not \"7|x\"");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aQueryThatCannotBeRunSaysSo() throws IOException {
        Outcome outcome = run("verify", "-restore", "-query", "SELECT * FROM missing", "/data/replica");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("the query cannot be run on the restored database: ", "no such table");
    }

    @Test
    void aQueryCannotWrite() throws IOException {
        Outcome outcome = run("verify", "-restore", "-query", "DELETE FROM notes RETURNING id", "/data/replica");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("readonly");
    }

    @Test
    void damageIsNamedAndFails() throws IOException {
        Path newest = files().getLast();
        byte[] content = Files.readAllBytes(newest);
        content[content.length / 2] ^= 1;
        Files.write(newest, content);
        for (Path file : files()) {
            assertThat(file).exists();
        }

        Outcome outcome = run("verify", "-bytes", "/data/replica");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout()).contains("  damaged  ");
        assertThat(outcome.stderr())
                .contains("damaged: /data/replica (file, ltx): ", "" + newest.getFileName())
                .endsWith("1 history: 0 in order, 1 not\n");
        JsonObject json = json(run("verify", "-bytes", "-json", "/data/replica"));
        JsonObject finding = json.getAsJsonArray("findings").get(0).getAsJsonObject();
        assertThat(finding.get("text").getAsString()).contains("" + newest.getFileName());
        assertThat(finding.get("next_step").getAsString()).isNotEmpty();
    }

    /** One that cannot be read is neither in order nor does it keep the others from being verified. */
    @Test
    void everythingInTheConfigurationIsVerified() throws IOException {
        Files.createFile(data.resolve("broken"));
        configure(
                "{name: one, path: /data/replica}, {name: two, path: /data/broken}, {name: three, path: /data/empty}");

        Outcome outcome = run("verify");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout().lines().skip(1).map(line -> line.replaceAll(" +", " ")))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("/data/app.db one ltx without proof TXID "),
                        line -> assertThat(line).startsWith("/data/app.db two not read"),
                        line -> assertThat(line).startsWith("/data/app.db three not read"));
        assertThat(outcome.stderr())
                .contains("Error: /data/app.db (two): ", "Error: /data/app.db (three): /data/empty: no matching")
                .endsWith("3 histories: 1 in order, 2 not\n");
        assertThat(run("verify", "-replica", "one", "/data/app.db").exit()).isZero();
    }

    @Test
    void everyGenerationIsVerified() throws IOException {
        world = new GoldenWorld(Files.createDirectory(data.resolve("old")), FIXTURES.resolve("litestream-0.3"));
        world.build();
        Outcome outcome = world.run(List.of("verify", "-json", "/data/replica"), Map.of());
        JsonArray histories = JsonParser.parseString(outcome.stdout()).getAsJsonArray();
        long generations;
        try (Stream<Path> found = Files.list(data.resolve("old/replica/generations"))) {
            generations = found.count();
        }
        assertThat(histories).hasSize((int) generations).allSatisfy(history -> {
            assertThat(history.getAsJsonObject().get("verdict").getAsString()).isEqualTo("without proof");
            assertThat(history.getAsJsonObject().get("history").getAsString()).matches("[0-9a-f]{16}");
        });
        assertThat(outcome.exit()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -names -bytes          | -names, -bytes, -pages and -restore exclude each other
            -query x               | -query has no effect without -restore
            -bytes -random         | -random has no effect without -pages or -restore
            -restore -expect x     | -expect has no effect without -query
            -integrity-check quick | -integrity-check has no effect without -restore
            -restore -integrity-check x | invalid -integrity-check value: x
            """)
    void flagsThatWouldBeIgnoredAreRefused(String flags, String message) throws IOException {
        String[] arguments = with(with(new String[] {"verify"}, flags.split(" ", -1)), "/data/replica");
        Outcome outcome = run(arguments);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).startsWith("Error: " + message);
        assertThat(outcome.stdout()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-pages", "-restore"})
    void aRandomStateIsVerified(String depth) throws IOException {
        assertThat(run("verify", depth, "-random", "/data/replica").exit()).isZero();
    }

    /** Of the database that the history was recorded from. */
    private long notes() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("app.db"));
                ResultSet rows = connection.createStatement().executeQuery("SELECT count(*) FROM notes")) {
            return rows.getLong(1);
        }
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    private static JsonObject json(Outcome outcome) {
        return JsonParser.parseString(outcome.stdout()).getAsJsonArray().get(0).getAsJsonObject();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(data.resolve("replica/ltx"))) {
            return found.filter(file -> file.toString().endsWith(".ltx"))
                    .sorted()
                    .toList();
        }
    }

    private void configure(String replicas) throws IOException {
        String text = "dbs: [{path: /data/app.db, replicas: [" + replicas + "]}]\n";
        Files.writeString(data.resolve("verify.yml"), text.replace("/data", data.toString()));
    }

    private Outcome run(String... arguments) throws IOException {
        return world.run(List.of(arguments), Map.of("RUNNEL_CONFIG", "/data/verify.yml"));
    }
}

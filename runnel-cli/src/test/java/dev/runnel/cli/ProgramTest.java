package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What someone reads who mistypes something, or asks for help. */
class ProgramTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"restor, restore", "adoption, adoptions", "gnerations, generations"})
    void aMistypedCommandLeadsToTheOneThatWasMeant(String mistyped, String meant) {
        Outcome outcome = run(mistyped);
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("runnel " + mistyped + ": unknown command", "Try: runnel " + meant);
    }

    @Test
    void helpOfACommandIsItsHelp() {
        assertThat(run("help", "restore")).isEqualTo(run("restore", "-help"));
        assertThat(run("help", "restore").stdout()).contains("runnel restore", "-timestamp");
        assertThat(run("help").stdout()).contains("Commands:");
    }

    static Stream<String> commands() {
        Pattern listed = Pattern.compile("(?m)^ {4}([a-z]+) {2,}");
        String overview = Outcome.of(List.of("help"), Path.of("/"), Map.of()).stdout();
        return listed.matcher(overview).results().map(match -> match.group(1));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelp(String command) {
        Outcome help = run("help", command);
        assertThat(help.exit()).isZero();
        assertThat(help.stdout()).contains("Usage:", "runnel " + command);
        assertThat(help).isEqualTo(run(command, "-help"));
    }

    @Test
    void helpOfAnUnknownCommandIsAnError() {
        Outcome help = run("help", "restor");
        assertThat(help.exit()).isEqualTo(1);
        assertThat(help.stderr()).contains("runnel restor: unknown command", "Try: runnel restore");
    }

    @Test
    void theConfigurationMayComeFromStandardInput() throws IOException {
        String text = "dbs: [{path: $NAME.db, replica: {path: replica}}]\n";
        assertThat(runWithInput(text, "databases", "-config", "-").stdout())
                .contains(folder.resolve("app.db").toString());
        assertThat(runWithInput(text, "databases", "-no-expand-env", "-config=-")
                        .stdout())
                .contains(folder.resolve("$NAME.db").toString());
        Files.createFile(folder.resolve("app.db"));
        Files.createDirectories(folder.resolve("replica"));
        for (String command : List.of("generations", "snapshots", "wal", "ltx", "adoptions")) {
            Outcome outcome = runWithInput(text, command, "-config", "-", "app.db");
            assertThat(outcome.exit()).as(command + ": " + outcome.stderr()).isZero();
        }
        assertThat(runWithInput(text, "verify", "-config", "-").stdout()).contains("app.db");
        assertThat(runWithInput(text, "restore", "-if-replica-exists", "-config", "-", "app.db")
                        .exit())
                .isZero();
    }

    @Test
    void whatIsWrongAtStandardInputIsSaidWithItsLine() {
        assertThat(runWithInput("dbs:\n  - {pth: a.db}\n", "databases", "-config", "-")
                        .stderr())
                .contains("standard input has 2 problems:", "line 2, column 6: dbs[0].pth: unknown key");
        assertThat(runWithInput("", "replicate", "-config", "-").stderr()).contains("no databases in standard input");
        assertThat(runWithInput("dbs: []", "replicate", "-config", "-", "a.db", "b")
                        .stderr())
                .contains("cannot specify a replica URL and the -config flag");
    }

    private Outcome runWithInput(String input, String... arguments) {
        return Outcome.of(input, List.of(arguments), folder, Map.of("NAME", "app"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-version", "-v"})
    void theVersionIsAFlagToo(String flag) {
        assertThat(run(flag)).isEqualTo(run("version"));
    }

    @Test
    void aShortTxidIsAnsweredByWhatIsExpected() {
        assertThat(run("restore", "-txid", "5", "-o", "x", "file:///none").stderr())
                .contains("invalid txid format", "16 hex digits");
    }

    @ParameterizedTest
    @CsvSource({"2030-01-31T12:00:00, a zone is missing", "yesterday, found \"yesterday\""})
    void aTimeIsAnsweredByWhatIsMissing(String time, String expected) {
        Outcome outcome = run("restore", "-timestamp", time, "-o", "x", "file:///none");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).contains(expected);
    }

    @Test
    void whereNoConfigurationIsBothPlacesAreNamed() {
        Assumptions.assumeFalse(
                Files.exists(Path.of("/etc/litestream.yml")) || Files.exists(Path.of("/etc/runnel.yml")));
        assertThat(run("databases").stderr()).contains("/etc/runnel.yml", "/etc/litestream.yml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abs://account:hidden@container/path",
                "sftp://user:hidden@host/path",
                "gs://bucket/path?token=hidden",
                "s3://bucket/path?sseCustomerKey=hidden",
                "nats://bucket/path?password=hidden&x=1"
            })
    void whatAUrlHidesIsNotPrintedWhateverTheStore(String url) {
        for (List<String> line : List.of(
                List.of("restore", "-o", "x", url),
                List.of("ltx", url),
                List.of("replicate", "-once", "x.db", url),
                List.of("generations", url))) {
            Outcome outcome = run(line.toArray(String[]::new));
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stdout() + outcome.stderr()).doesNotContain("hidden");
        }
    }

    @ParameterizedTest
    @CsvSource({"notice, must be trace", "'', ''", "WARN, ''"})
    void i53ALogLevelOfTheApplicationIsAWarning(String level, String warning) {
        assertThat(LogLevels.warning(Map.of("LOG_LEVEL", level)).orElse("")).contains(warning);
        assertThat(LogLevels.warning(Map.of("LOG_LEVEL", level)).isPresent()).isEqualTo(!warning.isEmpty());
    }

    @Test
    void aDatabaseWithoutAReplicaIsListedAndNotRestored() throws IOException {
        Path config = folder.resolve("c.yml");
        Files.writeString(config, "dbs: [{path: a.db}]\n");
        assertThat(run("databases", "-config", config.toString()).exit()).isZero();
        assertThat(run("replicate", "-once", "-config", config.toString()).stderr())
                .contains("no database in " + config + " has a replica");
        assertThat(run("restore", "-config", config.toString(), "a.db").stderr())
                .contains("has no replica in the configuration");
    }

    private Outcome run(String... arguments) {
        return Outcome.of(List.of(arguments), folder, Map.of());
    }
}

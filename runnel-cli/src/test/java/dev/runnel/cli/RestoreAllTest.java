package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code restore} without an argument: one database that is there, two that are not, and one that has no backup. */
final class RestoreAllTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.5");

    @TempDir
    private Path data;

    private GoldenWorld world;

    @BeforeEach
    void build() throws IOException {
        world = new GoldenWorld(data, FIXTURES);
        world.build();
        for (String copy : List.of("second", "third")) {
            try (Stream<Path> files = Files.walk(data.resolve("replica"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path target =
                            data.resolve(copy).resolve(data.resolve("replica").relativize(file));
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
        String text = """
                dbs:
                  - {path: /data/app.db, replica: {path: /data/replica}}
                  - {path: /data/none.db, replica: {path: /data/empty}}
                  - {path: /data/deep/two.db, replica: {path: /data/second}}
                  - {path: /data/three.db, replica: {path: /data/third}}
                """;
        Files.writeString(data.resolve("all.yml"), text.replace("/data", data.toString()));
    }

    @Test
    void whatIsMissingIsRestoredAndTheFailureOfOneIsNotThatOfAnother() throws IOException {
        Files.writeString(data.resolve("app.db"), "as it was");
        Outcome outcome = run("restore");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr().lines())
                .contains(
                        "/data/app.db exists already, and stays as it is",
                        "Error: /data/none.db: /data/empty: no matching backup files available",
                        "4 databases: 2 restored, 1 there already, 1 failed")
                .anyMatch(line -> line.startsWith("restored /data/deep/two.db: TXID 000000000000001f"))
                .anyMatch(line -> line.startsWith("restored /data/three.db: TXID 000000000000001f"));
        assertThat(data.resolve("app.db")).hasContent("as it was");
        assertThat(Files.mismatch(data.resolve("three.db"), data.resolve("deep/two.db")))
                .isEqualTo(-1);
    }

    @Test
    void whereAnEmptyReplicaMayBeAllIsWell() throws IOException {
        Outcome outcome = run("restore", "-if-replica-exists", "-if-db-not-exists");
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        assertThat(outcome.stderr())
                .contains(
                        "/data/none.db: no matching backups found",
                        "4 databases: 2 restored, 1 there already, 1 without a backup");
        assertThat(data.resolve("none.db")).doesNotExist();
    }

    @Test
    void forceReplacesWhatIsThere() throws IOException {
        Files.writeString(data.resolve("app.db"), "as it was");
        Outcome outcome = run("restore", "-force", "-if-replica-exists");
        assertThat(outcome.stderr()).contains("3 restored");
        assertThat(Files.mismatch(data.resolve("app.db"), data.resolve("three.db")))
                .isEqualTo(-1);
    }

    @Test
    void jsonSaysHowEachWentAndQuietShowsOnlyErrors() throws IOException {
        Outcome outcome = run("restore", "-json", "-quiet");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout())
                .contains("\"status\": \"exists\"", "\"status\": \"restored\"", "\"status\": \"failed\"")
                .contains("\"error\": \"/data/empty: no matching backup files available\"");
        assertThat(outcome.stderr().lines().filter(line -> line.startsWith("Error: ")))
                .hasSize(1);
        assertThat(outcome.stderr()).doesNotContain("restored");
    }

    @Test
    void aTimeIsForAllAndATxidForOne() throws IOException {
        Outcome atTime = run("restore", "-timestamp", "2100-01-01T00:00:00Z", "-if-replica-exists");
        assertThat(atTime.exit()).as(atTime.stderr()).isZero();
        assertThat(run("restore", "-txid", "0000000000000006").stderr())
                .contains("-txid, -generation and -index are for one database");
        assertThat(run("restore", "-o", "/data/x.db").stderr()).contains("-o is for one database");
        assertThat(data.resolve("x.db")).doesNotExist();
    }

    @Test
    void dryRunShowsAPlanForEachAndMakesNothing() throws IOException {
        Outcome outcome = run("restore", "-dry-run", "-if-replica-exists");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.stdout()).contains("target: /data/app.db", "target: /data/three.db");
        assertThat(data.resolve("three.db")).doesNotExist();
    }

    private Outcome run(String... arguments) throws IOException {
        return world.run(List.of(arguments), Map.of("RUNNEL_CONFIG", "/data/all.yml"));
    }
}

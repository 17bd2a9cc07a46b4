package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.runnel.cli.output.TruncatedDuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Generations, snapshots and changes of a replica in the {@code ltx} layout, held against the names of its files. */
class ListingTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.5");

    @TempDir
    private Path data;

    private GoldenWorld world;

    @BeforeEach
    void build() throws IOException {
        world = new GoldenWorld(data, FIXTURES);
        world.build();
    }

    @Test
    void aChainIsAGenerationNamedByTheTxidItStartsFrom() throws IOException {
        String newest = names("0").getLast();

        Outcome generations = run("generations", "file:///data/replica");
        assertThat(generations.stdout().lines()).hasSize(2);
        assertThat(generations.stdout()).contains("\nfile  0000000000000001  ");

        Outcome restored = run(
                "restore",
                "-dry-run",
                "-json",
                "-o",
                "/data/out.db",
                "-generation",
                "0000000000000001",
                "/data/replica");
        assertThat(JsonParser.parseString(restored.stdout())
                        .getAsJsonObject()
                        .get("max_txid")
                        .getAsString())
                .isEqualTo(newest.substring(0, 16));
    }

    @Test
    void anIndexIsATxid() throws IOException {
        String third = names("0").get(2).substring(0, 16);

        Outcome plan = run("restore", "-dry-run", "-json", "-o", "/data/out.db", "-index", third, "/data/replica");

        assertThat(JsonParser.parseString(plan.stdout())
                        .getAsJsonObject()
                        .get("max_txid")
                        .getAsString())
                .isEqualTo(third);
        assertThat(run("restore", "-o", "/data/out.db", "-index", "1", "-txid", third, "/data/replica")
                        .stderr())
                .contains("cannot specify -txid with -generation or -index");
    }

    @Test
    void everySnapshotAndEveryChangeHasARow() throws IOException {
        List<String> snapshots =
                run("snapshots", "/data/replica").stdout().lines().skip(1).toList();
        assertThat(snapshots).hasSameSizeAs(names("9"));
        for (int i = 0; i < snapshots.size(); i++) {
            String txid = names("9").get(i).substring(17, 33);
            assertThat(snapshots.get(i)).startsWith("file     0000000000000001  " + txid + "  ");
        }
        List<String> changes = run("wal", "-generation", "0000000000000001", "/data/replica")
                .stdout()
                .lines()
                .skip(1)
                .toList();
        assertThat(changes).hasSameSizeAs(names("0"));
        assertThat(changes.getFirst())
                .startsWith(
                        "file     0000000000000001  " + names("0").getFirst().substring(0, 16) + "  0       ");
        assertThat(run("wal", "-generation", "0123456789abcdef", "-json", "/data/replica")
                        .stdout())
                .isEqualTo("[]\n");
    }

    @ParameterizedTest
    @CsvSource({
        "PT13.9S, 13s",
        "PT1H0M5.4S, 1h0m5s",
        "PT4M0S, 4m0s",
        "PT10S, 10s",
        "PT1.57S, 1.5s",
        "PT4.09S, 4s",
        "PT0.0159S, 15ms",
        "PT0.0000025S, 2µs",
        "PT0.0000005S, 500ns",
        "PT0S, 0s",
        "PT-13.9S, -13s",
        "PT-1.57S, -1.5s"
    })
    void durationsAreCutAsInGo(String duration, String shown) {
        assertThat(TruncatedDuration.show(Duration.parse(duration))).isEqualTo(shown);
    }

    private Outcome run(String... arguments) throws IOException {
        return world.run(List.of(arguments), Map.of());
    }

    private List<String> names(String level) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("replica/ltx").resolve(level))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}

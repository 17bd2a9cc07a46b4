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

/** Two replicas of one database: "file", which has everything up to TXID 1f, and "behind", which ends at 12. */
class SeveralReplicasTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.5");

    @TempDir
    private Path data;

    private GoldenWorld world;

    @BeforeEach
    void build() throws IOException {
        world = new GoldenWorld(data, FIXTURES);
        world.build();
        for (String file : List.of(
                "9/0000000000000001-0000000000000006.ltx",
                "0/0000000000000006-0000000000000006.ltx",
                "9/0000000000000001-0000000000000012.ltx")) {
            Path copy = data.resolve("second/ltx").resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(data.resolve("replica/ltx").resolve(file), copy);
        }
        configure("{name: behind, path: /data/second}, {path: /data/replica}");
    }

    @Test
    void theNewestIsRestored() throws IOException {
        assertThat(restored("-o", "/data/out.db", "-json", "/data/app.db"))
                .contains("\"replica\": \"file\"", "\"txid\": \"000000000000001f\"");
    }

    @Test
    void theOneThatIsNamedIsRestored() throws IOException {
        assertThat(restored("-o", "/data/out.db", "-json", "-replica", "behind", "/data/app.db"))
                .contains("\"replica\": \"behind\"", "\"txid\": \"0000000000000012\"");
    }

    @Test
    void oneThatReachesTheTargetIsTaken() throws IOException {
        assertThat(restored("-o", "/data/out.db", "-json", "-txid", "0000000000000014", "/data/app.db"))
                .contains("\"replica\": \"file\"", "\"txid\": \"0000000000000014\"");
        assertThat(restored("-dry-run", "-txid", "0000000000000006", "/data/app.db"))
                .contains("replica: behind");
        assertThat(run("restore", "-dry-run", "-txid", "00000000000000ff", "/data/app.db")
                        .stderr())
                .contains("TXID 00000000000000ff is past the newest one");
    }

    @Test
    void anEmptyReplicaIsPassedOver() throws IOException {
        configure("{name: empty, path: /data/empty}, {path: /data/replica}");
        assertThat(restored("-dry-run", "/data/app.db")).contains("replica: file");
        configure("{name: empty, path: /data/empty}, {path: /data/none}");
        Outcome none = run("restore", "-o", "/data/out.db", "/data/app.db");
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.stderr()).contains("/data/empty: no matching backup files available");
        assertThat(run("restore", "-o", "/data/out.db", "-if-replica-exists", "/data/app.db")
                        .exit())
                .isZero();
    }

    @Test
    void aReplicaThatCannotBeReadMustNotMakeAnOlderStatePassForTheNewest() throws IOException {
        Files.createFile(data.resolve("broken"));
        configure("{name: broken, path: /data/broken}, {path: /data/replica}");
        Outcome outcome = run("restore", "-o", "/data/out.db", "/data/app.db");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr())
                .contains("it cannot be determined which replica is the newest: /data/broken")
                .contains("Try: -replica NAME, to restore from a replica other than \"broken\"");
        assertThat(data.resolve("out.db")).doesNotExist();
        assertThat(restored("-dry-run", "-replica", "file", "/data/app.db")).contains("replica: file");
    }

    @Test
    void aNameThatIsNotThereIsAnErrorThatSaysWhichAre() throws IOException {
        Outcome outcome = run("restore", "-replica", "x", "/data/app.db");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr())
                .isEqualTo("Error: replica \"x\" not found for database \"/data/app.db\"\nTry: one of behind, file\n");
        assertThat(run("ltx", "-replica", "x", "/data/replica").stderr())
                .contains("cannot specify a replica and the -replica flag");
    }

    @Test
    void ltxListsAllWithTheirNamesOrOne() throws IOException {
        assertThat(run("ltx", "-level", "9", "/data/app.db").stdout().lines())
                .hasSize(7)
                .first()
                .asString()
                .startsWith("replica  level  min_txid");
        assertThat(run("ltx", "-level", "0", "/data/app.db").stdout().lines())
                .filteredOn(line -> line.startsWith("behind"))
                .singleElement()
                .asString()
                .startsWith("behind   0      0000000000000006  0000000000000006");
        assertThat(run("ltx", "-json", "/data/app.db").stdout()).contains("\"replica\": \"behind\"");
        Outcome one = run("ltx", "-replica", "behind", "-level", "0", "/data/app.db");
        assertThat(one.stdout().lines()).hasSize(2).first().asString().startsWith("level  min_txid");
        assertThat(run("ltx", "-replica", "behind", "-json", "/data/app.db").stdout())
                .doesNotContain("\"replica\"");
    }

    @Test
    void databasesNamesAllReplicas() throws IOException {
        assertThat(run("databases").stdout().lines().skip(1))
                .singleElement()
                .asString()
                .endsWith("  behind,file");
    }

    private void configure(String replicas) throws IOException {
        String text = "dbs: [{path: /data/app.db, replicas: [" + replicas + "]}]\n";
        Files.writeString(data.resolve("several.yml"), text.replace("/data", data.toString()));
    }

    private String restored(String... arguments) throws IOException {
        Outcome outcome =
                run(Stream.concat(Stream.of("restore"), Stream.of(arguments)).toArray(String[]::new));
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        return outcome.stdout();
    }

    private Outcome run(String... arguments) throws IOException {
        return world.run(List.of(arguments), Map.of("RUNNEL_CONFIG", "/data/several.yml"));
    }
}

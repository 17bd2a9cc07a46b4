package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code doctor} on what Litestream wrote, as it was and with something taken away. */
final class DoctorFixturesTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "litestream-0.5/plain-512",
                "litestream-0.5/plain-65536",
                "litestream-0.5/small-512",
                "litestream-0.5/retention",
                "litestream-0.5/missing-level-0-file",
                "litestream-0.3/plain-512",
                "litestream-0.3/plain-65536",
                "litestream-0.3/small-512",
                "litestream-0.3/many-indexes-512"
            })
    void nothingIsWrongWithWhatLitestreamWrote(String fixture) throws IOException {
        Outcome outcome = doctor(copied(fixture));
        assertThat(outcome.exit()).as(outcome.stdout()).isZero();
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).isEqualTo("1 replica: 0 faults, 0 repaired, 0 not examined\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            litestream-0.5/missing-txid          | hole     | TXID 0000000000000006
            litestream-0.5/short-file            | hole     | TXID 000000000000000f
            litestream-0.3/missing-first-segment | hole     | 2972fc9597475dfd/00000002:568
            litestream-0.3/missing-index         | hole     | 2972fc9597475dfd/00000003:0
            litestream-0.3/snapshot-ahead        | hole     | snapshot 2972fc9597475dfd/00000002
            """)
    void whatIsMissingIsNamed(String fixture, String kind, String where) throws IOException {
        Outcome outcome = doctor(copied(fixture));
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout().lines().filter(line -> !line.startsWith(" ")))
                .singleElement()
                .asString()
                .startsWith(kind + ": " + folder.resolve("replica") + " (file): " + where + ": ");
        assertThat(outcome.stdout()).contains("\n  points cannot be restored because of it\n");
    }

    @Test
    void otherNamesAndLeftoversAreListed() throws IOException {
        Path replica = copied("litestream-0.5/stray-names");
        List<JsonObject> faults = json(replica);
        assertThat(faults).extracting(fault -> fault.get("kind").getAsString()).containsExactly("foreign", "leftover");
        assertThat(faults.get(0).get("where").getAsString()).contains("ltx/0/notes.txt, ltx/0000/");
        assertThat(faults.get(1).get("where").getAsString())
                .isEqualTo("ltx/0/0000000000000010-0000000000000010.ltx.tmp");
        assertThat(faults).allSatisfy(fault -> {
            assertThat(fault.get("points_depend").getAsBoolean()).isFalse();
            assertThat(fault.getAsJsonArray("removable")).isEmpty();
            assertThat(fault.get("next_step").getAsString()).isNotEmpty();
        });
    }

    @Test
    void bothLayoutsAtOneLocationAreFound() throws IOException {
        copied("litestream-0.5/small-512");
        List<JsonObject> faults = json(copied("litestream-0.3/small-512"));
        assertThat(faults).extracting(fault -> fault.get("kind").getAsString()).containsExactly("two_layouts");
        assertThat(faults.getFirst().get("text").getAsString()).contains("the one in the ltx layout is the newer");
    }

    /** It cannot be known whether a process writes there. */
    @Test
    void aReplicaAloneIsNotRepaired() throws IOException {
        Path replica = copied("litestream-0.5/small-512");
        Outcome outcome = Outcome.of(List.of("doctor", "-repair", replica.toString()), folder, Map.of());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).startsWith("Error: -repair needs to know whether a process follows the database");
    }

    @Test
    void whatCannotBeReadIsAnError() throws IOException {
        Files.createFile(folder.resolve("broken"));
        Path config = Files.writeString(folder.resolve("runnel.yml"), """
                dbs: [{path: app.db, replicas: [{name: one, path: %s}, {name: two, path: %s}]}]
                """.formatted(
                        folder.resolve("broken"), copied("litestream-0.5/small-512")));
        Outcome outcome = Outcome.of(List.of("doctor", "-config", config.toString()), folder, Map.of());
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr())
                .contains("Error: " + folder.resolve("app.db") + " (one): ")
                .endsWith("2 replicas: 0 faults, 0 repaired, 1 not examined\n");
    }

    private Outcome doctor(Path replica) {
        return Outcome.of(List.of("doctor", replica.toString()), folder, Map.of());
    }

    private List<JsonObject> json(Path replica) {
        Outcome outcome = Outcome.of(List.of("doctor", "-json", replica.toString()), folder, Map.of());
        assertThat(outcome.exit()).isEqualTo(1);
        return JsonParser.parseString(outcome.stdout()).getAsJsonArray().asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private Path copied(String fixture) throws IOException {
        Path source = FIXTURES.resolve(fixture);
        Path target = folder.resolve("replica");
        for (String line : Files.readAllLines(source.resolve("times.tsv"))) {
            int tab = line.indexOf('\t');
            if (!line.startsWith("#")) {
                Path file = target.resolve(line.substring(0, tab));
                Files.createDirectories(file.getParent());
                Files.copy(source.resolve("replica").resolve(line.substring(0, tab)), file);
                Files.setLastModifiedTime(file, FileTime.from(Instant.parse(line.substring(tab + 1))));
            }
        }
        return target;
    }
}

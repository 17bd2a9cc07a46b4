package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore that found a way around damaged files says which they are. */
class DamagedReplicaTest {
    private static final Path FIXTURE =
            Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.5/plain-512/replica");

    @TempDir
    private Path folder;

    @Test
    void i20ARestoreNamesTheFilesThatItPassedOver() throws IOException {
        copyReplica();
        JsonObject plan = JsonParser.parseString(run("restore", "-dry-run", "-json", "-o", "out.db", "replica")
                        .stdout())
                .getAsJsonObject();
        byte[] whole = restored(run("restore", "-o", "out.db", "replica"));
        List<String> passedOver = new ArrayList<>();
        for (JsonElement file : plan.getAsJsonArray("files")) {
            String key = "ltx/" + file.getAsJsonObject().get("level").getAsInt() + "/"
                    + file.getAsJsonObject().get("name").getAsString();
            byte[] content = damage(key);
            Outcome outcome = run("restore", "-json", "-o", "out.db", "replica");
            if (outcome.exit() == 0) {
                assertThat(restored(outcome)).isEqualTo(whole);
                assertThat(outcome.stderr()).contains("warning: " + key + " is damaged at the replica");
                JsonObject said = JsonParser.parseString(outcome.stdout()).getAsJsonObject();
                assertThat(said.getAsJsonArray("damaged"))
                        .extracting(JsonElement::getAsString)
                        .containsExactly(key);
                passedOver.add(key);
            } else {
                assertThat(outcome.stderr()).contains(key);
            }
            Files.write(folder.resolve("replica").resolve(key), content);
        }
        assertThat(passedOver).isNotEmpty();
        assertThat(run("restore", "-o", "out.db", "replica").stderr()).doesNotContain("warning");
    }

    @Test
    void aRestoreRemovesTheScratchFileOfOneThatWasKilled() throws IOException {
        copyReplica();
        Path leftover = Files.write(folder.resolve(".out.db.pages.tmp"), new byte[5000]);
        assertThat(run("restore", "-dry-run", "-o", "out.db", "replica").exit()).isZero();
        assertThat(leftover).exists();
        assertThat(restored(run("restore", "-o", "out.db", "replica"))).isNotEmpty();
        assertThat(leftover).doesNotExist();
    }

    private byte[] restored(Outcome outcome) throws IOException {
        assertThat(outcome.exit()).as(outcome.stderr()).isZero();
        byte[] database = Files.readAllBytes(folder.resolve("out.db"));
        Files.delete(folder.resolve("out.db"));
        return database;
    }

    /** Turns one bit in the middle, and gives what was there before. */
    private byte[] damage(String key) throws IOException {
        Path file = folder.resolve("replica").resolve(key);
        byte[] before = Files.readAllBytes(file);
        byte[] damaged = before.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(file, damaged);
        return before;
    }

    private void copyReplica() throws IOException {
        try (Stream<Path> files = Files.walk(FIXTURE)) {
            for (Path file : files.toList()) {
                Path copy = folder.resolve("replica")
                        .resolve(FIXTURE.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private Outcome run(String... arguments) {
        return Outcome.of(List.of(arguments), folder, Map.of());
    }
}

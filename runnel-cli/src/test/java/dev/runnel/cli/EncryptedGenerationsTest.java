package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replica that Litestream 0.3.13 has encrypted for one recipient. */
class EncryptedGenerationsTest {
    private static final Path FIXTURE = Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.3/age");

    @TempDir
    private Path data;

    @Test
    void everyListedPointRestoresToTheSameBytes() throws Exception {
        copyReplica();
        String identity = Files.readAllLines(FIXTURE.resolve("identity.txt")).stream()
                .filter(line -> line.startsWith("AGE-SECRET-KEY-"))
                .findFirst()
                .orElseThrow();
        Files.writeString(
                data.resolve("litestream.yml"), """
                dbs:
                  - path: /data/app.db
                    replicas:
                      - type: file
                        path: /data/replica
                        age:
                          identities: [%s]
                """.formatted(identity).replace("/data", data.toString()));
        GoldenWorld world = new GoldenWorld(data, FIXTURE);
        int restored = 0;
        JsonObject expected = JsonParser.parseString(Files.readString(FIXTURE.resolve("expected.json")))
                .getAsJsonObject();
        for (JsonElement element : expected.getAsJsonArray("restores")) {
            JsonObject entry = element.getAsJsonObject();
            List<String> arguments =
                    new ArrayList<>(List.of("restore", "-config", "/data/litestream.yml", "-o", "/data/out.db"));
            entry.getAsJsonArray("args").forEach(argument -> arguments.add(argument.getAsString()));
            arguments.add("/data/app.db");
            if (entry.has("sha256")) {
                Outcome outcome = world.run(arguments, Map.of());
                assertThat(outcome.exit()).as(outcome.stderr()).isZero();
                assertThat(sha256(data.resolve("out.db")))
                        .isEqualTo(entry.get("sha256").getAsString());
                restored++;
            }
        }
        assertThat(restored).isGreaterThan(10);
    }

    private void copyReplica() throws IOException {
        for (String line : Files.readAllLines(FIXTURE.resolve("times.tsv"))) {
            int tab = line.indexOf('\t');
            if (!line.startsWith("#")) {
                Path target = data.resolve("replica").resolve(line.substring(0, tab));
                Files.createDirectories(target.getParent());
                Files.copy(FIXTURE.resolve("replica").resolve(line.substring(0, tab)), target);
                Files.setLastModifiedTime(target, FileTime.from(Instant.parse(line.substring(tab + 1))));
            }
        }
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}

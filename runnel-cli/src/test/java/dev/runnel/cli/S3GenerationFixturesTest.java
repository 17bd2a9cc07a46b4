package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.runnel.testkit.s3.S3Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica that Litestream 0.3.13 wrote to S3, put into a bucket again. Only what does not go by the times of the objects
 * can be compared: a service gives each the time at which it was put.
 */
class S3GenerationFixturesTest {
    private static final Path FIXTURE = Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.3-s3");

    @TempDir
    private Path data;

    private S3Service service;
    private GoldenWorld world;

    @BeforeEach
    void putObjects() throws IOException {
        service = S3Service.start();
        service.createBucket("backups");
        for (String line : Files.readAllLines(FIXTURE.resolve("keys.txt"))) {
            if (!line.startsWith("#")) {
                String key = line.substring(0, line.indexOf('\t'));
                service.put(
                        "backups",
                        key,
                        Files.readAllBytes(FIXTURE.resolve("objects").resolve(key)),
                        Map.of());
            }
        }
        world = new GoldenWorld(data, FIXTURE);
        Files.writeString(
                data.resolve("litestream.yml"),
                Files.readString(FIXTURE.resolve("litestream.yml"))
                        .replace("http://127.0.0.1:9000", service.endpoint())
                        .replace("/data", data.toString()));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void everyGenerationAndIndexRestoresToTheSameBytes() throws Exception {
        int restored = 0;
        for (JsonElement element : expected().getAsJsonArray("restores")) {
            JsonObject entry = element.getAsJsonObject();
            List<String> target = new ArrayList<>();
            entry.getAsJsonArray("args").forEach(argument -> target.add(argument.getAsString()));
            if (target.contains("-generation") && !target.contains("-timestamp") && entry.has("sha256")) {
                List<String> arguments = new ArrayList<>(List.of("restore", "-config", "/data/litestream.yml"));
                arguments.addAll(List.of("-o", "/data/out.db"));
                arguments.addAll(target);
                arguments.add("/data/app.db");
                Outcome outcome = world.run(arguments, Map.of());
                assertThat(outcome.exit()).as(outcome.stderr()).isZero();
                assertThat(sha256(data.resolve("out.db")))
                        .as(String.join(" ", target))
                        .isEqualTo(entry.get("sha256").getAsString());
                restored++;
            }
        }
        assertThat(restored).isGreaterThan(4);
    }

    @Test
    void itIsListedByConfigurationAndByUrl() throws IOException {
        List<String> names = Files.readAllLines(FIXTURE.resolve("keys.txt")).stream()
                .filter(line -> line.startsWith("app/generations/"))
                .map(line -> line.split("/", -1)[2])
                .distinct()
                .toList();
        Files.createFile(data.resolve("app.db"));
        Outcome byConfiguration =
                world.run(List.of("generations", "-config", "/data/litestream.yml", "/data/app.db"), Map.of());
        assertThat(byConfiguration.exit()).as(byConfiguration.stderr()).isZero();
        assertThat(byConfiguration.stdout().lines().skip(1).map(line -> line.split(" +", -1)[1]))
                .containsExactlyInAnyOrderElementsOf(names);
        Outcome byUrl = world.run(
                List.of("snapshots", "s3://backups/app?endpoint=" + service.endpoint()),
                Map.of("AWS_ACCESS_KEY_ID", S3Service.ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", S3Service.SECRET_KEY));
        assertThat(byUrl.exit()).as(byUrl.stderr()).isZero();
        assertThat(byUrl.stdout()
                        .lines()
                        .skip(1)
                        .map(line -> line.split(" +", -1)[1])
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void aTimeGoesByWhenTheObjectsWerePutAndOneBeforeAllIsRefused() throws Exception {
        Outcome now = restoreAt(Instant.now().plusSeconds(60));
        assertThat(now.exit()).as(now.stderr()).isZero();
        Outcome before = restoreAt(Instant.now().minusSeconds(3600));
        assertThat(before.exit()).isEqualTo(1);
        assertThat(data.resolve("out.db")).doesNotExist();
    }

    private Outcome restoreAt(Instant time) throws IOException {
        return world.run(
                List.of(
                        "restore",
                        "-config",
                        "/data/litestream.yml",
                        "-o",
                        "/data/out.db",
                        "-timestamp",
                        time.toString(),
                        "-generation",
                        // All objects were put within a second, so their times do not tell which generation is the
                        // newest.
                        "e4e80d975456fedb",
                        "/data/app.db"),
                Map.of());
    }

    private static JsonObject expected() throws IOException {
        return JsonParser.parseString(Files.readString(FIXTURE.resolve("expected.json")))
                .getAsJsonObject();
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}

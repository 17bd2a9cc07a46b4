package dev.runnel.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.Restorer;
import dev.runnel.store.ListedTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores every point that the real Litestream 0.5 was asked for, from what it wrote to S3: keys, contents and metadata
 * are put back as they were, so that every listing shows the time of this test. A time is inclusive here, so what 0.5
 * gives a nanosecond later is what must come out.
 */
@Tag("slow")
class LitestreamReplicaTest {
    private static final Path FIXTURE = Path.of(System.getProperty("runnel.project"), "fixtures/litestream-0.5-s3");
    private static final ExecutorService COMPRESSORS = Executors.newSingleThreadExecutor();

    private static LocalS3 service;
    private static LtxReplica replica;

    @TempDir
    private Path folder;

    private record Restore(List<String> arguments, Optional<String> sha256, String note) {
        RestoreTarget target() {
            return switch (arguments.isEmpty() ? "" : arguments.getFirst()) {
                case "-txid" -> new RestoreTarget.AtTxid(Txid.parse(arguments.get(1)));
                case "-timestamp" -> new RestoreTarget.AtTime(time());
                default -> new RestoreTarget.Latest();
            };
        }

        Instant time() {
            return Instant.parse(arguments.get(1));
        }

        boolean isAtTime() {
            return !arguments.isEmpty() && arguments.getFirst().equals("-timestamp");
        }
    }

    @BeforeAll
    static void putObjects() throws IOException {
        service = new LocalS3();
        Map<S3Option, String> options = new EnumMap<>(service.options());
        options.put(S3Option.BUCKET, "backups");
        options.put(S3Option.PATH, "app");
        S3Settings settings = S3Settings.of(options);
        service.service().createBucket("backups");
        for (String line : Files.readAllLines(FIXTURE.resolve("keys.txt"))) {
            if (!line.startsWith("#")) {
                List<String> fields = List.of(line.split("\t", -1));
                Path content = FIXTURE.resolve("objects").resolve(fields.getFirst());
                JsonObject metadata = JsonParser.parseString(fields.getLast()).getAsJsonObject();
                String time = metadata.get("litestream-timestamp").getAsString();
                service.service()
                        .put(
                                "backups",
                                fields.getFirst(),
                                Files.readAllBytes(content),
                                Map.of("litestream-timestamp", time));
            }
        }
        BaselineEncoding encoding = new BaselineEncoding(COMPRESSORS, 1, Scratch.none());
        replica = new LtxReplica(
                new S3Store(service.clients(), settings), LtxKeys.of("%04x/", ListedTimes.OF_UPLOADS), encoding);
    }

    @AfterAll
    static void stop() {
        service.stop();
        COMPRESSORS.shutdownNow();
    }

    @Test
    void everyPointRestoresToTheBytesThatLitestreamRestored() throws Exception {
        List<Restore> restores = restores();
        assertThat(restores).hasSizeGreaterThan(100);
        // Each takes some seventy requests; all of them with the property.
        int step = Boolean.getBoolean("runnel.long") ? 1 : 3;
        for (int i = 0; i < restores.size(); i += step) {
            Restore restore = restores.get(i);
            Optional<String> expected = expected(restore, restores);
            Path output = folder.resolve("restored.db");
            if (expected.isEmpty()) {
                assertThatThrownBy(() -> restore(restore.target(), output))
                        .as(restore.toString())
                        .isInstanceOf(ReplicaException.NotReachable.class);
            } else {
                restore(restore.target(), output);
                assertThat(sha256(output)).as(restore.toString()).isEqualTo(expected.get());
                Files.delete(output);
            }
        }
    }

    private static void restore(RestoreTarget target, Path output) throws IOException {
        new Restorer(
                        Disk.system(),
                        Clock.system(),
                        Entropy.system(),
                        threads -> Executors.newFixedThreadPool(
                                threads, Thread.ofPlatform().daemon().factory()))
                .restore(replica, target, output, RestoreOptions.DEFAULT);
    }

    private static Optional<String> expected(Restore restore, List<Restore> restores) {
        if (restore.note().equals("past the newest TXID")) {
            return Optional.empty();
        }
        if (!restore.isAtTime()) {
            return restore.sha256();
        }
        if (restore.sha256().isEmpty()) {
            return beyondLitestream(restore, restores);
        }
        Instant later = restore.time().plusNanos(1);
        return restores.stream()
                .filter(other -> other.isAtTime() && other.time().equals(later))
                .findFirst()
                .orElse(restore)
                .sha256();
    }

    /** The time of the first file is in reach here, and a time after the newest is the newest. */
    private static Optional<String> beyondLitestream(Restore restore, List<Restore> restores) {
        if (restore.note().startsWith("before the first file")) {
            return Optional.empty();
        }
        if (restore.note().startsWith("1 s after the newest")) {
            return restores.getFirst().sha256();
        }
        return restores.stream()
                .filter(other -> other.arguments().equals(List.of("-txid", "0000000000000001")))
                .findFirst()
                .orElseThrow()
                .sha256();
    }

    private static List<Restore> restores() throws IOException {
        List<Restore> restores = new ArrayList<>();
        JsonObject expected = JsonParser.parseString(Files.readString(FIXTURE.resolve("expected.json")))
                .getAsJsonObject();
        for (JsonElement element : expected.getAsJsonArray("restores")) {
            JsonObject restore = element.getAsJsonObject();
            List<String> arguments = new ArrayList<>();
            restore.getAsJsonArray("args").forEach(argument -> arguments.add(argument.getAsString()));
            restores.add(new Restore(
                    arguments,
                    Optional.ofNullable(restore.get("sha256"))
                            .filter(JsonElement::isJsonPrimitive)
                            .map(JsonElement::getAsString),
                    Optional.ofNullable(restore.get("note"))
                            .map(JsonElement::getAsString)
                            .orElse("")));
        }
        return restores;
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}

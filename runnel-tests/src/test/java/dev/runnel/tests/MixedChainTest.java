package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chain that Litestream 0.5 began and Runnel carries on: one history, restorable on both sides of the change. */
@Tag("slow")
class MixedChainTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures");
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"litestream-0.5/plain-4096", "litestream-0.5-frame/plain-512", "litestream-0.5/retention"})
    void i38FilesOfLitestreamAndOfOursAreOneChain(String fixture) throws IOException, SqlFailure {
        Scene scene = new Scene(folder);
        copyReplica(FIXTURES.resolve(fixture), folder);
        Restores restores = new Restores(scene.replicaFolder(), folder);
        long taken = scene.replica().newestTxid();
        Path newest = restores.latest();
        assertThat(sha256(newest)).isEqualTo(newestIn(FIXTURES.resolve(fixture)));
        Files.copy(newest, scene.database());

        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel()) {
            scene.nextCommitIsRestorable(application, engine);
            application.orders(5, "after the change");
            scene.nextCommitIsRestorable(application, engine);
            assertThat(engine.stop()).as(engine.log()).isZero();
            assertThat(engine.log()).doesNotContain("snapshot of");
        }

        Path before = restores.at(taken);
        assertThat(sha256(before)).isEqualTo(newestIn(FIXTURES.resolve(fixture)));
        List<ReplicaOracle.Entry> ours = scene.replica().entries().stream()
                .filter(entry -> entry.maxTxid() > taken)
                .toList();
        assertThat(ours)
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.level()).isLessThan(9));
    }

    /** What the real program restores as the newest state. */
    private static String newestIn(Path fixture) throws IOException {
        JsonObject expected = JsonParser.parseString(Files.readString(fixture.resolve("expected.json")))
                .getAsJsonObject();
        Optional<String> found = Optional.empty();
        for (JsonElement element : expected.getAsJsonArray("restores")) {
            JsonObject restore = element.getAsJsonObject();
            if (found.isEmpty() && restore.getAsJsonArray("args").isEmpty()) {
                found = Optional.of(restore.get("sha256").getAsString());
            }
        }
        return found.orElseThrow();
    }

    /** Copies it, as written just now: what is older than a day might be tidied away. */
    private static void copyReplica(Path fixture, Path target) {
        Child.run(LIMIT, List.of("cp", "-r", fixture.resolve("replica").toString(), target.toString()));
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

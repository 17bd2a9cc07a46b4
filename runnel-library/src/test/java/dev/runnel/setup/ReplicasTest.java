package dev.runnel.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.location.FolderLocation;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.store.RateLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicasTest {
    private static final int REQUESTS = 30;
    private static final int A_SECOND = 10;

    @TempDir
    private Path folder;

    private final Replicas replicas = new Replicas(Disk.system(), Clock.system(), Map.of());

    /** Each kind of history at a place opens it for itself; what the user allows is for all of them together. */
    @Test
    void limitsAreThoseOfTheReplicaHoweverOftenItIsOpened() throws Exception {
        Path place = Files.createDirectory(folder.resolve("replica"));
        ReplicaConfig replica = replicaAt(place);
        long start = System.nanoTime();
        for (int i = 0; i < REQUESTS; i++) {
            replicas.store(replica.with(Layout.Ltx.DEFAULT)).stat("some/key");
        }
        // A bucket of tokens is full at first: for one second.
        Duration shortest = Duration.ofMillis(1000L * (REQUESTS - A_SECOND) / A_SECOND);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(shortest.minusMillis(100));
        assertThat(replicas.store(replicaAt(folder.resolve("other")))).isNotSameAs(replicas.store(replica));
    }

    private static ReplicaConfig replicaAt(Path place) {
        return new ReplicaConfig(
                "limited",
                new FolderLocation(place),
                Duration.ofSeconds(1),
                new StoreOptions(Optional.empty(), new RateLimits(OptionalLong.of(A_SECOND), OptionalLong.empty())),
                Layout.Ltx.DEFAULT);
    }
}

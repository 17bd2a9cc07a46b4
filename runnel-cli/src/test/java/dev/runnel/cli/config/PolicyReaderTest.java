package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.replica.Ages;
import dev.runnel.replica.ltx.LtxPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a history promises, as a configuration says it. */
class PolicyReaderTest {
    @TempDir
    private Path folder;

    @Test
    void whatAHistoryPromisesIsReadAtTheTopInADatabaseAndInAReplica() throws IOException {
        Config config = read("""
                levels: [{interval: 10s}, {interval: 1m}]
                snapshot: {interval: 12h, retention: 72h}
                l0-retention: 2m
                l0-retention-check-interval: 1m
                dbs:
                  - path: /data/one.db
                    replica: {path: /backup/one}
                  - path: /data/two.db
                    snapshot: {retention: 240h}
                    replicas:
                      - {name: old, path: /backup/two, retention: 48h, snapshot-interval: 6h}
                      - {name: all, path: /backup/three, retention: 0s}
                """);
        assertThat(config.databases())
                .flatExtracting(DatabaseConfig::replicas)
                .extracting(ReplicaConfig::policy)
                .containsExactly(
                        policy(Duration.ofHours(12), Optional.of(Duration.ofHours(72))),
                        policy(Duration.ofHours(6), Optional.of(Duration.ofHours(48))),
                        policy(Duration.ofHours(12), Optional.empty()));
    }

    private static LtxPolicy policy(Duration interval, Optional<Duration> retention) {
        return new LtxPolicy(
                interval,
                retention,
                Optional.of(Duration.ofMinutes(2)),
                Duration.ofMinutes(1),
                List.of(Duration.ofSeconds(10), Duration.ofMinutes(1)),
                Ages.TIME_PASSED);
    }

    @Test
    void retentionThatIsSwitchedOffKeepsEverythingWhateverElseIsSaid() throws IOException {
        Config config = read("""
                retention: {enabled: false}
                snapshot: {retention: 72h}
                l0-retention: 0
                levels: []
                dbs:
                  - path: /data/one.db
                    snapshot: {retention: 24h}
                    replica: {path: /backup/one}
                """);
        LtxPolicy policy = config.databases().getFirst().replicas().getFirst().policy();
        assertThat(policy.retention()).isEmpty();
        assertThat(policy.changeSetRetention()).isEmpty();
        assertThat(policy.levels()).isEmpty();
    }

    private Config read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("runnel.yml"), text);
        Locations locations = new Locations(Path.of("/start"), Path.of("/home/me"));
        return new ConfigFile(Map.of(), locations).read(file, Expansion.EXPAND);
    }
}

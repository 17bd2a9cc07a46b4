package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.generations.GenerationsPolicy;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Layout;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
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
                .extracting(ReplicaConfig::layout)
                .containsExactly(
                        policy(Duration.ofHours(12), Optional.of(Duration.ofHours(72))),
                        policy(Duration.ofHours(6), Optional.of(Duration.ofHours(48))),
                        policy(Duration.ofHours(12), Optional.empty()));
    }

    private static Layout policy(Duration interval, Optional<Duration> retention) {
        return new Layout.Ltx(new LtxPolicy(
                interval,
                retention,
                Optional.of(Duration.ofMinutes(2)),
                Duration.ofMinutes(1),
                List.of(Duration.ofSeconds(10), Duration.ofMinutes(1)),
                AgeSource.TIME_PASSED));
    }

    @Test
    void theLayoutOfLitestream03HasThePolicyOfLitestream03() throws IOException {
        Config config = read("""
                snapshot: {retention: 72h}
                dbs:
                  - path: /data/one.db
                    replicas:
                      - {name: usual, path: /backup/one, layout: generations}
                      - {name: own, path: /backup/two, layout: generations, retention: 48h, snapshot-interval: 6h,
                         retention-check-interval: 2h}
                      - {name: short, path: /backup/three, layout: generations, retention: 10m}
                      - {name: all, path: /backup/four, layout: generations, retention: 0s}
                """);
        assertThat(config.databases())
                .flatExtracting(DatabaseConfig::replicas)
                .extracting(ReplicaConfig::layout)
                .containsExactly(
                        generations(24, Optional.of(Duration.ofHours(72)), Duration.ofHours(1)),
                        generations(6, Optional.of(Duration.ofHours(48)), Duration.ofHours(2)),
                        generations(24, Optional.of(Duration.ofMinutes(10)), Duration.ofMinutes(10)),
                        generations(24, Optional.empty(), Duration.ofHours(1)));
    }

    private static Layout generations(int hours, Optional<Duration> retention, Duration check) {
        return new Layout.Generations(
                new GenerationsPolicy(Duration.ofHours(hours), retention, check, AgeSource.TIME_PASSED));
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
        LtxPolicy policy = ((Layout.Ltx)
                        config.databases().getFirst().replicas().getFirst().layout())
                .policy();
        assertThat(policy.retention()).isEmpty();
        assertThat(policy.changeSetRetention()).isEmpty();
        assertThat(policy.levels()).isEmpty();
    }

    @Test
    void i58AProhibitionAtTheTopWinsOverEveryNarrowerRetention() throws IOException {
        Config config = read("""
                retention: {enabled: false}
                dbs:
                  - path: /data/one.db
                    snapshot: {retention: 24h}
                    replicas:
                      - {name: ltx, path: /backup/one, retention: 5s, snapshot-interval: 2s}
                      - {name: wal, path: /backup/two, layout: generations, retention: 5s}
                """);
        List<ReplicaConfig> replicas = config.databases().getFirst().replicas();
        assertThat(((Layout.Ltx) replicas.getFirst().layout()).policy().retention())
                .isEmpty();
        assertThat(((Layout.Generations) replicas.getLast().layout()).policy().retention())
                .isEmpty();
    }

    @Test
    void i58AReplicaThatKeepsEverythingDoesSoWhateverIsInherited() throws IOException {
        Config config = read("""
                retention: {enabled: true}
                snapshot: {retention: 24h}
                dbs:
                  - path: /data/one.db
                    snapshot: {retention: 48h}
                    replicas:
                      - {name: ltx, path: /backup/one, retention: 0s}
                      - {name: wal, path: /backup/two, layout: generations, retention: 0s}
                """);
        List<ReplicaConfig> replicas = config.databases().getFirst().replicas();
        assertThat(((Layout.Ltx) replicas.getFirst().layout()).policy().retention())
                .isEmpty();
        assertThat(((Layout.Generations) replicas.getLast().layout()).policy().retention())
                .isEmpty();
    }

    private Config read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("runnel.yml"), text);
        Locations locations = new Locations(Path.of("/start"), Path.of("/home/me"), Map.of());
        return new ConfigFile(Map.of(), locations).read(file, Expansion.EXPAND);
    }
}

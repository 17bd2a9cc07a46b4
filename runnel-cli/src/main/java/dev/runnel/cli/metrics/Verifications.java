package dev.runnel.cli.metrics;

import dev.runnel.cli.metrics.Exposition.Kind;
import dev.runnel.platform.Clock;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.VerificationSchedule;
import dev.runnel.verify.HistoryReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts scheduled verifications. */
public final class Verifications implements VerificationSchedule.Listener {
    private final Clock clock;
    private final Map<Key, Tally> tallies = new ConcurrentSkipListMap<>();

    /**
     * A replica.
     *
     * @param name in the configuration, as Litestream calls it
     * @param location as the engine calls it
     */
    private record Key(String database, String name, String location) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = database.compareTo(other.database);
            return order != 0 ? order : name.compareTo(other.name);
        }
    }

    /** What is known of one replica. */
    private static final class Tally {
        private final LongAdder passed = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private volatile Instant last = Instant.EPOCH;
        private volatile Duration duration = Duration.ZERO;
    }

    public Verifications(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void verified(DatabaseConfig database, ReplicaConfig replica, List<HistoryReport> reports) {
        Tally tally = tally(database, replica);
        boolean isFailure = reports.stream().anyMatch(report -> report.verdict().isFailure());
        (isFailure ? tally.failed : tally.passed).increment();
        tally.last = clock.now();
        tally.duration = reports.stream().map(HistoryReport::duration).reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void notVerified(DatabaseConfig database, ReplicaConfig replica, IOException fault) {
        tally(database, replica).failed.increment();
    }

    private Tally tally(DatabaseConfig database, ReplicaConfig replica) {
        return tallies.computeIfAbsent(
                new Key(
                        database.path().toString(),
                        replica.name(),
                        replica.location().display()),
                _ -> new Tally());
    }

    void addTo(Exposition page) {
        page.family("litestream_replica_validation_total", Kind.COUNTER, "Scheduled verifications by result.");
        tallies.forEach((key, tally) -> page.sample(
                        tally.passed.sum(), "db", key.database(), "name", key.name(), "status", "ok")
                .sample(tally.failed.sum(), "db", key.database(), "name", key.name(), "status", "error"));
        page.family(
                "runnel_replica_verified_timestamp_seconds", Kind.GAUGE, "When a verification last ended, since 1970.");
        tallies.forEach((key, tally) ->
                page.sample(tally.last.getEpochSecond(), "db", key.database(), "replica", key.location()));
        page.family("runnel_replica_verified_seconds", Kind.GAUGE, "How long the last verification took.");
        tallies.forEach((key, tally) ->
                page.sample(tally.duration.toMillis() / 1000.0, "db", key.database(), "replica", key.location()));
    }
}

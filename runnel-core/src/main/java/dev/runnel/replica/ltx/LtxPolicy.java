package dev.runnel.replica.ltx;

import dev.runnel.replica.AgeSource;
import dev.runnel.replica.inventory.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a history in the {@code ltx} layout promises, and how it is kept small. The defaults are those of Litestream 0.5.
 *
 * @param baselineInterval how often a database that changes gets a new baseline
 * @param retention how far back any time can be restored; without it nothing is ever removed
 * @param changeSetRetention how long each single change set can be restored, after which it is part of merged files only;
 *     without it single change sets stay as long as everything else
 * @param removalInterval how often, at most, it is checked what can be removed; each check lists the replica
 * @param levels how often level 1, 2 and so on merge the level below; 8 levels at most
 * @param ages what tells the age of a file when it is to be removed
 */
public record LtxPolicy(
        Duration baselineInterval,
        Optional<Duration> retention,
        Optional<Duration> changeSetRetention,
        Duration removalInterval,
        List<Duration> levels,
        AgeSource ages) {
    /** Merges each 30 s, 5 min and 1 h, a baseline a day, single change sets for 5 min and everything else for a day. */
    public static final LtxPolicy DEFAULT = new LtxPolicy(
            Duration.ofDays(1),
            Optional.of(Duration.ofDays(1)),
            Optional.of(Duration.ofMinutes(5)),
            Duration.ofSeconds(15),
            List.of(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1)),
            AgeSource.TIME_PASSED);

    public LtxPolicy {
        levels = List.copyOf(levels);
        if (levels.size() >= LtxKeys.BASELINES) {
            throw new IllegalArgumentException("compaction level cannot exceed 8");
        }
    }

    /** What it promises to keep. */
    RetentionPolicy toRetention() {
        return new RetentionPolicy(retention, changeSetRetention, removalInterval, ages);
    }

    /** How long a new object stays at least. */
    Duration keepsNewObjects() {
        Duration all = retention.orElse(Duration.ofDays(1));
        return changeSetRetention.filter(kept -> kept.compareTo(all) < 0).orElse(all);
    }

    /** The same for a process that only removes, at once, what its owner wants to have removed, and merges nothing. */
    public LtxPolicy toRemoveNow() {
        return new LtxPolicy(
                baselineInterval, retention, Optional.empty(), Duration.ZERO, List.of(), AgeSource.WALL_CLOCK);
    }
}

package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.Upkeep;
import dev.runnel.replica.inventory.ContentChecks;
import dev.runnel.replica.inventory.Inventory;
import dev.runnel.replica.inventory.ObsoleteRemoval;
import dev.runnel.replica.inventory.SnapshotSchedule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps a history as its policy says: decides when which level is merged, when the next baseline is due, and has obsolete
 * objects removed. All of it goes by what is known from the last listing and from writing since.
 */
final class LtxUpkeep {
    private final LtxPolicy policy;
    private final Clock clock;
    private final Inventory inventory;
    private final LtxMerger merger;
    private final ContentChecks checks;
    private final ObsoleteRemoval removal;
    private final SnapshotSchedule snapshots;

    /** When a level that has something to merge merges it, in ticks. */
    private final Map<Integer, Long> mergeAt = new TreeMap<>();

    LtxUpkeep(
            LtxPolicy policy,
            Clock clock,
            Inventory inventory,
            LtxMerger merger,
            ContentChecks checks,
            ObsoleteRemoval removal) {
        this.policy = policy;
        this.clock = clock;
        this.inventory = inventory;
        this.merger = merger;
        this.checks = checks;
        this.removal = removal;
        this.snapshots = new SnapshotSchedule(policy.baselineInterval(), clock, inventory);
    }

    /** There was a listing. */
    void looked() {
        removal.listed();
    }

    /** Does what is due. */
    synchronized Upkeep run(LocalChanges local) throws IOException {
        for (int level = LtxKeys.MERGED; level <= policy.levels().size(); level++) {
            merge(level, local);
        }
        checks.run();
        removal.run();
        Duration untilBaseline = snapshots.untilNext();
        boolean due = untilBaseline.isNegative() || untilBaseline.isZero();
        Duration again = mergeAt.isEmpty() ? untilBaseline : until(Collections.min(mergeAt.values()));
        if (checks.hasPostponed()) {
            again = Duration.ZERO;
        }
        return new Upkeep(
                due ? Upkeep.Baseline.DUE : Upkeep.Baseline.NOT_DUE,
                settled(),
                due || again.compareTo(untilBaseline) < 0 ? again : untilBaseline);
    }

    private void merge(int level, LocalChanges local) throws IOException {
        if (!inventory.reached(level - 1).isAfter(inventory.reached(level))) {
            mergeAt.remove(level);
            return;
        }
        long interval = policy.levels().get(level - 1).toNanos();
        if (clock.ticks() < mergeAt.computeIfAbsent(level, _ -> clock.ticks() + interval - age(level, interval))) {
            return;
        }
        Optional<MergePlan> plan = MergePlan.of(inventory, level);
        while (plan.isPresent()) {
            merger.merge(plan.get(), local);
            plan = MergePlan.of(inventory, level);
        }
        mergeAt.put(level, clock.ticks() + interval);
        if (!inventory.reached(level - 1).isAfter(inventory.reached(level))) {
            mergeAt.remove(level);
        }
    }

    /** For how long the oldest file that is to be merged has been waiting: after a start that may be long. */
    private long age(int level, long interval) {
        Instant now = clock.now();
        return MergePlan.of(inventory, level)
                .map(plan -> plan.sources().getFirst().time())
                .map(time -> Duration.between(time, now).toNanos())
                .map(age -> Math.clamp(age, 0, interval))
                .orElse(0L);
    }

    private Duration until(long ticks) {
        return Duration.ofNanos(Math.max(0, ticks - clock.ticks()));
    }

    /** What the highest level holds is never merged again. */
    private Txid settled() {
        List<Duration> levels = policy.levels();
        return levels.isEmpty() ? snapshots.newestChange() : inventory.reached(levels.size());
    }
}

package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.RunnelException;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.MaintenanceTask;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.TxidAges;
import dev.runnel.replica.Upkeep;
import dev.runnel.replica.inventory.ContentChecks;
import dev.runnel.replica.inventory.ContentState;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.Inventory;
import dev.runnel.replica.inventory.ObsoleteRemoval;
import dev.runnel.replica.inventory.SnapshotSchedule;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a history as its policy says: decides when which level is merged, when the next baseline is due, and has obsolete
 * objects removed. All of it goes by what is known from the last listing and from writing since.
 */
final class LtxUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(LtxUpkeep.class);

    private final LtxPolicy policy;
    private final Clock clock;
    private final Inventory inventory;
    private final LtxMerger merger;
    private final ContentChecks checks;
    private final ObsoleteRemoval removal;
    private final SnapshotSchedule snapshots;

    /** When a level that has something to merge merges it, in ticks. */
    private final Map<Integer, Long> mergeAt = new TreeMap<>();

    /** By level, up to where files cannot be merged and a snapshot stands for them. */
    private final Map<Integer, Txid> leftOut = new TreeMap<>();

    /** Levels of which the log says already that they lack what cannot be read here. */
    private final Set<Integer> lacking = new HashSet<>();

    /** By level. A level that cannot be written keeps nothing else from being done. */
    private final Map<Integer, MaintenanceTask> merging = new TreeMap<>();

    private final MaintenanceTask checking;
    private final MaintenanceTask removing;

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
        this.checking = new MaintenanceTask(MaintenanceTask.VERIFYING, clock);
        this.removing = new MaintenanceTask(MaintenanceTask.REMOVING, clock);
        for (int level = LtxKeys.MERGED; level <= policy.levels().size(); level++) {
            merging.put(level, new MaintenanceTask("compaction level " + level + " gets no new files", clock));
        }
    }

    /** Does what is due. */
    synchronized Upkeep run(LocalChanges local) throws IOException {
        for (Map.Entry<Integer, MaintenanceTask> each : merging.entrySet()) {
            each.getValue().run(() -> merge(each.getKey(), local));
        }
        checking.run(checks::run);
        removing.run(() -> removal.run(local.ages()));
        Duration untilBaseline = snapshots.untilNext(local.ages());
        boolean due = untilBaseline.isNegative() || untilBaseline.isZero();
        boolean hasMore = checks.hasPostponed() && !checking.isWaiting();
        Duration again = hasMore ? Duration.ZERO : untilNextTask().orElse(untilBaseline);
        return new Upkeep(
                due ? Upkeep.Baseline.DUE : Upkeep.Baseline.NOT_DUE,
                settled(),
                due || again.compareTo(untilBaseline) < 0 ? again : untilBaseline,
                tasks().flatMap(task -> task.failure().stream()).toList(),
                tasks().filter(MaintenanceTask::takeFailed).count() > 0);
    }

    private Stream<MaintenanceTask> tasks() {
        return Stream.concat(merging.values().stream(), Stream.of(checking, removing));
    }

    /** How long until the next level is to be merged, or what failed is to be tried again. */
    private Optional<Duration> untilNextTask() {
        Stream<Duration> merges = mergeAt.entrySet().stream()
                .filter(each -> !isWaiting(each.getKey()))
                .map(each -> until(each.getValue()));
        Stream<Duration> retries = tasks().filter(MaintenanceTask::isWaiting).map(MaintenanceTask::untilRetry);
        return Stream.concat(merges, retries).min(Comparator.naturalOrder());
    }

    private boolean isWaiting(int level) {
        return merging(level).isWaiting();
    }

    private MaintenanceTask merging(int level) {
        return Objects.requireNonNull(merging.get(level));
    }

    /** Whether the level was due and has everything now. */
    private boolean merge(int level, LocalChanges local) throws IOException {
        if (!inventory.reached(level - 1).isAfter(inventory.reached(level))) {
            // The level got the changes that could not be merged as a difference, or they are gone.
            mergeAt.remove(level);
            merging(level).needless();
            return false;
        }
        long interval = policy.levels().get(level - 1).toNanos();
        if (clock.ticks()
                < mergeAt.computeIfAbsent(level, _ -> clock.ticks() + interval - age(level, interval, local.ages()))) {
            return false;
        }
        Optional<MergePlan> plan = plan(level);
        while (plan.isPresent() && advance(plan.get(), local)) {
            plan = plan(level);
        }
        mergeAt.put(level, clock.ticks() + interval);
        if (!inventory.reached(level - 1).isAfter(inventory.reached(level))) {
            mergeAt.remove(level);
        }
        return true;
    }

    private Optional<MergePlan> plan(int level) {
        return MergePlan.of(inventory, level, leftOut.getOrDefault(level, Txid.NONE));
    }

    /** Merges what can be merged of a plan. Returns whether the level has got further. */
    private boolean advance(MergePlan plan, LocalChanges local) throws IOException {
        if (merger.isReadable()) {
            merge(plan, local);
            return true;
        }
        int here = 0;
        while (here < plan.sources().size() && isHere(plan.sources().get(here), local)) {
            here++;
        }
        if (here == 0) {
            return leaveOut(plan, local);
        }
        merge(plan.first(here), local);
        return true;
    }

    /** Whether the change log has what is in a file, as far as what is recorded of the file says. */
    private boolean isHere(HistoryObject file, LocalChanges local) throws IOException {
        if (!local.has(file.range())) {
            return false;
        }
        checks.isUsable(file, ContentChecks.SMALL);
        if (inventory.content(file) == ContentState.DAMAGED) {
            throw new ReplicaException.Damaged(
                    file.key(),
                    file.key() + " is damaged at the replica",
                    "Runnel uploads these changes again. No action needed.",
                    null);
        }
        return merger.isHere(file, local);
    }

    /**
     * Files that can neither be read nor be rebuilt here stay as they are; that is not a failure. The level continues
     * above them once a snapshot covers them. Returns whether one does.
     */
    private boolean leaveOut(MergePlan plan, LocalChanges local) {
        if (lacking.add(plan.level())) {
            LOG.info(
                    "{}: compaction level {} leaves out TXIDs from {} on, which this host cannot decrypt and does not have in"
                            + " its change log. They stay as they are. No action needed.",
                    merger.store().location(),
                    plan.level(),
                    plan.range().min());
        }
        Txid snapshot = inventory.reached(LtxKeys.BASELINES);
        Txid upTo = plan.sources().getFirst().max();
        if (upTo.isAfter(snapshot)) {
            return false;
        }
        for (HistoryObject file : plan.sources()) {
            if (local.has(file.range()) || file.max().isAfter(snapshot)) {
                break;
            }
            upTo = file.max();
        }
        leftOut.put(plan.level(), upTo);
        return true;
    }

    /**
     * Files that are intact but do not continue each other can never be merged: another writer has filled a gap, for
     * example. They stay as they are, and the level continues above them once a snapshot covers them. So do files that
     * cannot be read, where the change log is damaged, too.
     */
    private void merge(MergePlan plan, LocalChanges local) throws IOException {
        try {
            merger.merge(plan, local);
        } catch (RunnelException e) {
            boolean isLasting = switch (e) {
                case LtxException _ -> true;
                case StoreException _, ReplicaException.Foreign _ -> false;
                default -> !merger.isReadable();
            };
            Txid snapshot = inventory.reached(LtxKeys.BASELINES);
            if (!isLasting || plan.range().min().isAfter(snapshot)) {
                throw e;
            }
            LOG.warn(
                    "{}. Compaction continues above the snapshot at TXID {}; states before it may not be restorable.",
                    e.reason(),
                    snapshot);
            leftOut.put(plan.level(), Collections.min(List.of(plan.range().max(), snapshot)));
        }
    }

    /** For how long the oldest file that is to be merged has been waiting: after a start that may be long. */
    private long age(int level, long interval, TxidAges ages) {
        return plan(level)
                .map(plan -> plan.sources().getFirst())
                .map(file -> longer(Duration.between(file.time(), clock.now()), ages.ageOf(file.max())))
                .map(age -> age.compareTo(Duration.ofNanos(interval)) > 0 ? interval : Math.max(0, age.toNanos()))
                .orElse(0L);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private Duration until(long ticks) {
        return Duration.ofNanos(Math.max(0, ticks - clock.ticks()));
    }

    /**
     * What the highest level holds is never merged again. What a level that fails needs later is fetched then, unless it
     * cannot be read.
     */
    private Txid settled() {
        List<Duration> levels = policy.levels();
        boolean isFailing =
                merging.values().stream().anyMatch(task -> task.failure().isPresent());
        return levels.isEmpty() || (isFailing && merger.isReadable())
                ? snapshots.newestChange()
                : inventory.reached(levels.size());
    }
}

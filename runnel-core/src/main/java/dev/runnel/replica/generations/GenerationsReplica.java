package dev.runnel.replica.generations;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.Changes;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.replica.GapFill;
import dev.runnel.replica.History;
import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.LocalImages;
import dev.runnel.replica.MaintenanceTask;
import dev.runnel.replica.ObjectSink;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.SelectedImage;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.TakeoverBody;
import dev.runnel.replica.Upkeep;
import dev.runnel.replica.inventory.OwnUploads;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * History in the {@code generations} layout, which Litestream 0.3 restores: snapshots, and a WAL for each change set. The
 * layout is described in {@code docs/formats.md}.
 *
 * <p>Nothing that is whole is ever overwritten but by what says the same, and nothing is deleted but by {@link #maintain}.
 */
public final class GenerationsReplica implements Replica {
    private static final Txid EVERYTHING = new Txid(Long.MAX_VALUE);

    /** How many TXIDs may come in one WAL: each but the last takes an object that says nothing. */
    private static final long MOST_AT_ONCE = 1000;

    private final GenerationsHistory history;
    private final GenerationsPolicy policy;
    private final KnownGenerations known;
    private final GenerationFiles files;
    private final GenerationKeys keys;
    private final Clock clock;
    private final GenerationsPositionFinder positions;
    private final GenerationsWriter writer;
    private final MaintenanceTask checking;
    private final MaintenanceTask removing;

    /**
     * A replica.
     *
     * @param reading room for what a restore takes from WALs
     * @param writing room for a change set on its way; another file than the first
     */
    public GenerationsReplica(
            ObjectStore store,
            GenerationKeys keys,
            Scratch reading,
            Scratch writing,
            GenerationsPolicy policy,
            Clock clock) {
        this(store, keys, reading, writing, policy, clock, Optional.empty());
    }

    /**
     * A replica.
     *
     * @param uploads on a machine that cannot decrypt what is there: what it knows of its own objects
     */
    public GenerationsReplica(
            ObjectStore store,
            GenerationKeys keys,
            Scratch reading,
            Scratch writing,
            GenerationsPolicy policy,
            Clock clock,
            Optional<OwnUploads> uploads) {
        this.files = new GenerationFiles(store);
        this.keys = keys;
        this.clock = clock;
        this.checking = new MaintenanceTask(MaintenanceTask.VERIFYING, clock);
        this.removing = new MaintenanceTask(MaintenanceTask.REMOVING, clock);
        TakenKeys taken = new TakenKeys(new GenerationsInspector(files), uploads);
        this.history = GenerationsHistory.all(store, keys, reading);
        this.policy = policy;
        this.known = new KnownGenerations(files, keys, policy, clock, uploads);
        this.positions = new GenerationsPositionFinder(new GenerationCatalogue(store, keys), known);
        this.writer = new GenerationsWriter(files, keys, known, taken, writing);
    }

    @Override
    public Position position() throws IOException {
        return positions.find();
    }

    @Override
    public void append(Changes changes) throws IOException {
        writer.append(changes);
    }

    /**
     * Nothing may lie beyond the hole: what was shipped earlier, on top of change sets that are lost now, would follow on
     * something else.
     */
    @Override
    public GapFill fillGap(LocalImages images, Scratch room) throws IOException, InterruptedException {
        Position at = position();
        boolean hasChain = !at.whole().isNone() && !at.hasHole();
        try (SelectedImage image = images.since(hasChain ? at.whole() : Txid.NONE)) {
            if (GapFill.isNeedless(at, image)) {
                return GapFill.of(GapFill.Kind.NOTHING, image);
            }
            if (image.hasEveryPage()) {
                baseline(image);
                return GapFill.of(GapFill.Kind.BASELINE, image);
            }
            if (mayExtend(at, image)) {
                writer.difference(at.whole().next(), image, room);
                return GapFill.of(GapFill.Kind.DIFFERENCE, image);
            }
        }
        try (SelectedImage image = images.since(Txid.NONE)) {
            baseline(image);
            return GapFill.of(GapFill.Kind.BASELINE, image);
        }
    }

    private static boolean mayExtend(Position at, SelectedImage image) {
        boolean isSameLineage = at.proof().stream()
                .anyMatch(proof -> proof.lineage() == image.proof().lineage());
        return isSameLineage && image.txid().value() - at.whole().value() <= MOST_AT_ONCE;
    }

    @Override
    public void record(Txid last, Takeover.Kind kind, String text) throws IOException {
        // Retention goes by the records of the generation that it keeps, which is not always the one with the highest
        // TXID. A listing that is cut short now does not make it another one.
        Optional<KnownGeneration> current = known.current();
        KnownGeneration holder = current.isPresent() ? current.get() : furthest(last);
        holder.inventory().outdateListing();
        new TakeoverBody(text).storeAt(files.store(), keys.takeover(holder.name(), last, kind), clock.now());
    }

    private KnownGeneration furthest(Txid last) throws IOException {
        Generation found = new GenerationCatalogue(files.store(), keys)
                .list().stream()
                        .filter(Generation::isOurs)
                        .max(Comparator.comparing(Generation::last).thenComparing(Generation::name))
                        .orElseThrow(() -> new IOException(
                                files.store().location() + " does not list the generation that has TXID " + last));
        return known.of(found.name(), found.lineage().orElseThrow());
    }

    @Override
    public boolean reclaim(long lineage) throws IOException {
        boolean isForgotten = known.isForgotten(GenerationKeys.generation(lineage));
        if (isForgotten) {
            writer.mark(lineage, clock.now());
        }
        return isForgotten;
    }

    @Override
    public Duration keepsNewObjects() {
        return policy.retention().orElse(Duration.ofDays(1));
    }

    @Override
    public void baseline(DatabaseImage image) throws IOException {
        writer.baseline(image);
    }

    @Override
    public Upkeep maintain(LocalChanges local) throws IOException {
        Optional<KnownGeneration> current = known.current();
        if (current.isEmpty()) {
            return upkeep(Upkeep.Baseline.NOT_DUE, policy.baselineInterval());
        }
        checking.run(current.get().checks()::run);
        removing.run(() -> current.get().removal().run(local.ages()));
        Duration untilSnapshot = current.get().snapshots().untilNext(local.ages());
        boolean isDue = untilSnapshot.isNegative() || untilSnapshot.isZero();
        boolean hasMore = current.get().checks().hasPostponed() && !checking.isWaiting();
        return upkeep(isDue ? Upkeep.Baseline.DUE : Upkeep.Baseline.NOT_DUE, hasMore ? Duration.ZERO : untilSnapshot);
    }

    private Upkeep upkeep(Upkeep.Baseline snapshot, Duration untilNext) {
        List<MaintenanceTask> tasks = List.of(checking, removing);
        Duration again = tasks.stream()
                .filter(MaintenanceTask::isWaiting)
                .map(MaintenanceTask::untilRetry)
                .filter(retry -> retry.compareTo(untilNext) < 0)
                .min(Comparator.naturalOrder())
                .orElse(untilNext);
        return new Upkeep(
                snapshot,
                EVERYTHING,
                again,
                tasks.stream().flatMap(task -> task.failure().stream()).toList(),
                tasks.stream().filter(MaintenanceTask::takeFailed).count() > 0);
    }

    @Override
    public History history() throws IOException {
        return history.history();
    }

    @Override
    public Optional<Instant> newest() throws IOException {
        return history.newest();
    }

    @Override
    public Optional<HistoryExtent> extent() throws IOException {
        return history.extent();
    }

    @Override
    public RestorePlan plan(RestoreTarget target, Set<String> damaged) throws IOException {
        return history.plan(target, damaged);
    }

    @Override
    public PlanSource read(RestorePlan plan) throws IOException {
        return history.read(plan);
    }

    @Override
    public void readObjects(ObjectSink sink) throws IOException {
        history.readObjects(sink);
    }

    @Override
    public String description() {
        return history.description();
    }
}

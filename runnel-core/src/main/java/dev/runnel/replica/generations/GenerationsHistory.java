package dev.runnel.replica.generations;

import dev.runnel.ltx.Scratch;
import dev.runnel.replica.History;
import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.ObjectSink;
import dev.runnel.replica.OwnTimes;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** History in the {@code generations} layout, which Litestream 0.3 writes: all of it, or one generation. */
public final class GenerationsHistory implements Restorable {
    private final GenerationKeys keys;
    private final GenerationCatalogue catalogue;
    private final GenerationFiles files;
    private final OwnTimes times;
    private final Scratch scratch;
    private final Choice choice;

    /** Makes the planner for some of the generations that were listed. */
    private interface Choice extends BiFunction<List<Generation>, Set<String>, GenerationsPlanner> {}

    private GenerationsHistory(ObjectStore store, GenerationKeys keys, Scratch scratch, Choice choice) {
        this.keys = keys;
        this.catalogue = new GenerationCatalogue(store, keys);
        this.files = new GenerationFiles(store);
        this.times = new OwnTimes(store, keys.listedTimes());
        this.scratch = scratch;
        this.choice = choice;
    }

    /**
     * All generations.
     *
     * @param scratch room for the pages that a restore takes from WALs; used by one restore at a time
     */
    public static GenerationsHistory all(ObjectStore store, GenerationKeys keys, Scratch scratch) {
        return new GenerationsHistory(
                store, keys, scratch, (found, damaged) -> GenerationsPlanner.all(store.location(), found, damaged));
    }

    /**
     * One generation. In it a TXID stands for the state after a whole WAL: in one that Litestream wrote it is the index of
     * that WAL plus one, in one that Runnel wrote it is the TXID.
     */
    public static GenerationsHistory one(ObjectStore store, GenerationKeys keys, Scratch scratch, String generation) {
        return new GenerationsHistory(
                store,
                keys,
                scratch,
                (found, damaged) -> GenerationsPlanner.one(store.location(), generation, found, damaged));
    }

    @Override
    public History history() throws IOException {
        return planner(catalogue.list(), Set.of()).history();
    }

    @Override
    public Optional<Instant> newest() throws IOException {
        return planner(catalogue.list(), Set.of()).generations().stream()
                .flatMap(generation -> generation.newest().stream())
                .max(Comparator.naturalOrder());
    }

    @Override
    public Optional<HistoryExtent> extent() throws IOException {
        return planner(catalogue.list(), Set.of()).extent();
    }

    @Override
    public RestorePlan plan(RestoreTarget target, Set<String> damaged) throws IOException {
        List<Generation> listed = catalogue.list();
        boolean byTime = target instanceof RestoreTarget.AtTime;
        GenerationsPlanner planner = planner(byTime ? ownTimes(listed) : listed, damaged);
        GenerationPath way = planner.way(target);
        if (way.next().isPresent()) {
            checkNothingBetween(planner, target, way, way.next().get());
        }
        RestorePlan plan = planner.plan(way);
        if (target instanceof RestoreTarget.AtTxid
                && way.generation().isOurs()
                && way.reached() instanceof Segment last) {
            checkState(plan, last);
        }
        return byTime ? plan : times.atEnd(plan);
    }

    /** Names do not tell which TXIDs have no state of their own. What is damaged is found when it is read. */
    private void checkState(RestorePlan plan, Segment last) throws IOException {
        WalSalts salts;
        try {
            salts = files.read(
                    last.key(),
                    data -> WalSalts.of(WalFrames.start(files, last.key(), data).header()));
        } catch (ReplicaException.Damaged _) {
            return;
        }
        if (salts.isFiller()) {
            throw new ReplicaException.NotReachable(
                    files.store().location() + ": " + plan.point()
                            + " was shipped together with others; nearest restorable: "
                            + RestorePlan.called(salts.before(plan.reached())) + " and "
                            + RestorePlan.called(salts.after(plan.reached())),
                    "Restore one of the points named, with -txid.");
        }
    }

    /** Names do not tell where a segment ends, so the last one is read. */
    private void checkNothingBetween(GenerationsPlanner planner, RestoreTarget target, GenerationPath way, Segment next)
            throws IOException {
        Segment last = way.segments().getLast();
        if (last.offset() + files.length(last.key()) != next.offset()) {
            throw planner.notReachable(target, way, GenerationPath.missing(last, next));
        }
    }

    @Override
    public PlanSource read(RestorePlan plan) throws IOException {
        return GenerationsPlanSource.open(files, keys, plan, scratch);
    }

    @Override
    public void readObjects(ObjectSink sink) throws IOException {
        for (Generation generation : planner(catalogue.list(), Set.of()).generations()) {
            new GenerationScan(files, sink).read(generation);
        }
    }

    @Override
    public String description() {
        return files.store().location();
    }

    private List<Generation> ownTimes(List<Generation> listed) throws IOException {
        List<Generation> found = new ArrayList<>();
        for (Generation generation : listed) {
            found.add(generation.withOwnTimes(times));
        }
        return found;
    }

    private GenerationsPlanner planner(List<Generation> generations, Set<String> damaged) {
        return choice.apply(generations, damaged);
    }
}

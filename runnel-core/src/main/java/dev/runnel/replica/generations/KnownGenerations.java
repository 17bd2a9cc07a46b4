package dev.runnel.replica.generations;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.replica.inventory.ContentChecks;
import dev.runnel.replica.inventory.ContentReader;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.Inventory;
import dev.runnel.replica.inventory.ObsoleteRemoval;
import dev.runnel.replica.inventory.OwnUploads;
import dev.runnel.replica.inventory.PositionFinder;
import dev.runnel.replica.inventory.SnapshotSchedule;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The generations of Runnel's at a replica, and which of them is continued. May be used from several threads. */
final class KnownGenerations {
    private final GenerationFiles files;
    private final GenerationKeys keys;
    private final GenerationsPolicy policy;
    private final Clock clock;
    private final Optional<OwnUploads> uploads;
    private final Map<String, KnownGeneration> known = new HashMap<>();
    private Optional<KnownGeneration> current = Optional.empty();
    private Txid reached = Txid.NONE;

    /** The names of those without a mark, as of the last listing. */
    private Set<String> unmarked = Set.of();

    /** @param uploads where objects cannot be decrypted, but are compared with what is recorded of them */
    KnownGenerations(
            GenerationFiles files,
            GenerationKeys keys,
            GenerationsPolicy policy,
            Clock clock,
            Optional<OwnUploads> uploads) {
        this.files = files;
        this.keys = keys;
        this.policy = policy;
        this.clock = clock;
        this.uploads = uploads;
    }

    /** What is particular to positions in this layout: each object of Runnel's has a proof. */
    private record Rules() implements PositionFinder.Rules {
        @Override
        public Txid differenceFrom(Collection<HistoryObject> usable, Txid whole) {
            return whole.next();
        }

        /** The WAL of the first TXID names its state, and has no page. */
        @Override
        public boolean mayBegin(HistoryObject object) {
            return object.isSnapshot();
        }

        @Override
        public boolean everyStateIsProven() {
            return true;
        }
    }

    /** The generation that is continued. */
    synchronized Optional<KnownGeneration> current() {
        return current;
    }

    /** The newest TXID of it that restores. */
    synchronized Txid reached() {
        return reached;
    }

    /** What a listing shows without a mark: another program wrote it, or the mark was lost. */
    synchronized void unmarked(Set<String> names) {
        unmarked = Set.copyOf(names);
    }

    /** Whether a generation was there without its mark when this process first listed it. */
    synchronized boolean isForgotten(String name) {
        return unmarked.contains(name) && !known.containsKey(name);
    }

    /** Marks what is known of each, before a listing is made. */
    synchronized Map<String, Long> marks() {
        Map<String, Long> marks = new HashMap<>();
        known.values().forEach(each -> marks.put(each.name(), each.inventory().mark()));
        return marks;
    }

    /** What is known of a generation; nothing, if it was not known before. */
    synchronized KnownGeneration of(String name, long lineage) {
        return known.computeIfAbsent(name, _ -> create(name, lineage));
    }

    /** A generation is continued from a TXID. */
    synchronized void continued(KnownGeneration generation, Txid whole) {
        current = Optional.of(generation);
        reached = whole;
    }

    /** No generation can be continued: what was known of one may be lost, its mark too. */
    synchronized void noneContinued() {
        current = Optional.empty();
        reached = Txid.NONE;
    }

    /** The generation that is continued has a TXID now. */
    synchronized void reaches(Txid txid) {
        reached = txid.isAfter(reached) ? txid : reached;
    }

    private KnownGeneration create(String name, long lineage) {
        Inventory inventory = new Inventory((level, range) -> key(name, level, range), Lz4FrameOutput.SMALLEST);
        ContentReader reading = new GenerationReader(files, lineage);
        ContentChecks checks = new ContentChecks(
                inventory, uploads.map(own -> own.reader(reading)).orElse(reading));
        return new KnownGeneration(
                name,
                lineage,
                inventory,
                checks,
                new PositionFinder(inventory, checks, new Rules()),
                new ObsoleteRemoval(files.store(), policy.toRetention(), clock, inventory, checks),
                new SnapshotSchedule(policy.baselineInterval(), clock, inventory));
    }

    private String key(String generation, int level, TxidRange range) {
        long txid = range.max().value();
        return level == HistoryObject.SNAPSHOTS
                ? keys.snapshot(generation, (int) txid)
                : keys.segment(generation, (int) (txid - 1));
    }
}

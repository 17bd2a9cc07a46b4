package dev.runnel.replica.ltx;

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
import dev.runnel.replica.ObjectSink;
import dev.runnel.replica.OwnTimes;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.SelectedImage;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.TakeoverBody;
import dev.runnel.replica.Upkeep;
import dev.runnel.replica.inventory.ContentChecks;
import dev.runnel.replica.inventory.ContentReader;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.Inventory;
import dev.runnel.replica.inventory.ObsoleteRemoval;
import dev.runnel.replica.inventory.OwnUploads;
import dev.runnel.replica.inventory.PositionFinder;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * History in the {@code ltx} layout, which Litestream 0.5 reads and carries on: LTX files named by the TXIDs they span, in
 * folders by level. The layout is described in {@code docs/formats.md}.
 *
 * <p>Nothing that decodes as an LTX file is ever overwritten, and nothing is deleted but by {@link #maintain}.
 */
public final class LtxReplica implements Replica {
    private final ObjectStore store;
    private final LtxCatalogue catalogue;
    private final OwnTimes times;
    private final BaselineEncoding encoding;
    private final Inventory inventory;
    private final PositionFinder positions;
    private final LtxHistoryWriter writer;
    private final LtxUpkeep upkeep;
    private final LtxKeys keys;
    private final LtxPolicy policy;
    private final Clock clock;
    private final boolean isReadable;

    /** A replica with the usual policy. */
    public LtxReplica(ObjectStore store, LtxKeys keys, BaselineEncoding encoding) {
        this(store, keys, encoding, LtxPolicy.DEFAULT, Clock.system());
    }

    public LtxReplica(ObjectStore store, LtxKeys keys, BaselineEncoding encoding, LtxPolicy policy, Clock clock) {
        this(store, keys, encoding, policy, clock, Optional.empty());
    }

    /**
     * A replica.
     *
     * @param uploads on a machine that cannot decrypt what is there: what it knows of its own objects. It compacts only what
     *     its change log has
     */
    public LtxReplica(
            ObjectStore store,
            LtxKeys keys,
            BaselineEncoding encoding,
            LtxPolicy policy,
            Clock clock,
            Optional<OwnUploads> uploads) {
        LtxInspector inspector = new LtxInspector(store);
        this.inventory = new Inventory(keys::key, LtxKeys.SHORTEST_FILE);
        ContentReader reader =
                uploads.<ContentReader>map(own -> own.reader(inspector)).orElse(inspector);
        ContentChecks checks = new ContentChecks(inventory, reader);
        this.isReadable = uploads.isEmpty();
        this.store = store;
        this.keys = keys;
        this.policy = policy;
        this.clock = clock;
        this.catalogue = new LtxCatalogue(store, keys);
        this.times = new OwnTimes(store, keys.listedTimes());
        this.encoding = encoding;
        this.positions = new PositionFinder(inventory, checks, new LtxRules());
        this.writer = new LtxHistoryWriter(store, keys, inventory, new TakenFiles(store, inspector, uploads));
        LtxMerger merger = new LtxMerger(store, writer, inventory, isReadable);
        ObsoleteRemoval removal = new ObsoleteRemoval(store, policy.toRetention(), clock, inventory, checks);
        this.upkeep = new LtxUpkeep(policy, clock, inventory, merger, checks, removal);
    }

    @Override
    public Position position() throws IOException {
        long mark = inventory.mark();
        LtxCatalogue.Listing listing = catalogue.listing();
        inventory.takeovers(listing.takeovers());
        return positions.find(listing.files(), mark);
    }

    @Override
    public void append(Changes changes) throws IOException {
        writer.append(changes);
    }

    /**
     * However many pages differ, a file that extends the chain is to be preferred: level 1 stays without a gap, which other
     * readers of this layout insist on. Only pages of another size cannot extend it.
     */
    @Override
    public GapFill fillGap(LocalImages images, Scratch room) throws IOException, InterruptedException {
        Position at = position();
        boolean hasChain = !at.whole().isNone() && at.differenceFrom().value() > 1;
        try (SelectedImage image = images.since(hasChain ? at.differenceFrom().previous() : Txid.NONE)) {
            if (GapFill.isNeedless(at, image)) {
                return GapFill.of(GapFill.Kind.NOTHING, image);
            }
            if (hasChain && !(image.hasEveryPage() && !hasPageSize(image.pageSize(), at.whole()))) {
                writer.difference(at.differenceFrom(), image, room);
                return GapFill.of(GapFill.Kind.DIFFERENCE, image);
            }
            baseline(image);
            return GapFill.of(GapFill.Kind.BASELINE, image);
        }
    }

    /**
     * Whether a state has pages of a size; false if nothing at the replica can be read, so that the size is unknown.
     */
    private boolean hasPageSize(int size, Txid txid) throws IOException {
        if (!isReadable) {
            return false;
        }
        try (PlanSource source = read(plan(new RestoreTarget.AtTxid(txid)))) {
            return source.pageSize() == size;
        }
    }

    @Override
    public void record(Txid last, Takeover.Kind kind, String text) throws IOException {
        inventory.outdateListing();
        new TakeoverBody(text).storeAt(store, keys.takeover(last, kind), clock.now());
    }

    @Override
    public Duration keepsNewObjects() {
        return policy.keepsNewObjects();
    }

    @Override
    public void baseline(DatabaseImage image) throws IOException {
        writer.baseline(image, encoding);
    }

    @Override
    public Upkeep maintain(LocalChanges local) throws IOException {
        return upkeep.run(local);
    }

    @Override
    public History history() throws IOException {
        return planner(ownTimes(catalogue.list())).history();
    }

    @Override
    public Optional<Instant> newest() throws IOException {
        return catalogue.list().stream().map(HistoryObject::time).max(Comparator.naturalOrder());
    }

    @Override
    public Optional<HistoryExtent> extent() throws IOException {
        return LtxExtent.of(store, catalogue.list());
    }

    @Override
    public RestorePlan plan(RestoreTarget target, Set<String> damaged) throws IOException {
        List<HistoryObject> listed = catalogue.list();
        return switch (target) {
            case RestoreTarget.AtTime _ ->
                planner(ownTimes(listed)).without(damaged).plan(target);
            case RestoreTarget.Latest _, RestoreTarget.AtTxid _ ->
                times.atEnd(planner(listed).without(damaged).plan(target));
        };
    }

    @Override
    public PlanSource read(RestorePlan plan) throws IOException {
        return LtxPlanSource.open(store, plan);
    }

    @Override
    public void readObjects(ObjectSink sink) throws IOException {
        LtxInspector inspector = new LtxInspector(store);
        for (HistoryObject file : catalogue.list()) {
            inspector.read(file, sink);
        }
    }

    @Override
    public String description() {
        return store.location();
    }

    private List<HistoryObject> ownTimes(List<HistoryObject> files) throws IOException {
        return times.of(files, HistoryObject::key, HistoryObject::withTime);
    }

    private LtxPlanner planner(List<HistoryObject> files) {
        return new LtxPlanner(store.location(), files);
    }
}

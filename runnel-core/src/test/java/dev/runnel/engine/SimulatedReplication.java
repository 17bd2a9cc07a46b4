package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.DatabaseSpec.ReplicaSpec;
import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.LedgerBuilder;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogFile;
import dev.runnel.log.LogLimits;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.Threads;
import dev.runnel.replica.Replica;
import dev.runnel.replica.SelectedImage;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.sqlite.Descriptors;
import dev.runnel.sqlite.Embedding;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SameThread;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.fault.SilentFolderWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The engine's own actor keeps one replica of a model of a database, by a simulated clock. Change log, ledger and their
 * trimming are the engine's too, on a disk in memory; the part of the application and of capture is the test's. One thread
 * does everything, and no time passes meanwhile, so that the same seed goes the same way.
 */
public final class SimulatedReplication implements ReplicaSource {
    /** Who does more than this without time passing goes round in circles. */
    private static final int MOST_STEPS = 1000;

    /** How often an idle database is looked at. */
    private static final Duration PARKED_LOOK = Duration.ofMinutes(1);

    /** When a machine makes by itself what nobody has made durable. */
    private static final Duration WRITE_BACK = Duration.ofSeconds(30);

    private static final LogLimits ROOM_ENOUGH = new LogLimits(1L << 30);
    private static final SourcePosition NOWHERE = new SourcePosition(Optional.empty(), new FileIdentity(1, 2, 3, 4));

    private final ModelDatabase database;
    private final SimulatedClock clock;
    private final ListingIntervals looks;
    private final long logLimit;
    private final Supplier<Replica> place;
    private final CrashDisk disk;
    private final EngineResources machine;
    private final Path meta = DatabaseSpec.defaultMetaFolder(Path.of("/model.db"));
    private LocalHistory history;
    private AgeRecord ages;
    private LogKeeping keeping;
    private ReplicaActor actor;
    private long wakeAt;
    private long writtenBackAt;

    /**
     * A database that nobody has followed yet, and its first change set.
     *
     * @param logLimit in bytes
     * @param place opens the replica, as a process does that has just started
     */
    public SimulatedReplication(
            ModelDatabase database,
            SimulatedClock clock,
            ListingIntervals looks,
            long logLimit,
            Supplier<Replica> place)
            throws IOException, InterruptedException {
        this.database = database;
        this.clock = clock;
        this.looks = looks;
        this.logLimit = logLimit;
        this.place = place;
        this.disk = new CrashDisk(clock);
        this.machine = new EngineResources(
                disk,
                clock,
                new Threads(new SameThread(), new SameThread(), new SameThread()),
                new FolderEvents(new SilentFolderWatch()),
                Entropy.system(),
                new Descriptors(Embedding.ALONE),
                ImagePermits.ofThisProcess(clock),
                EngineListener.NONE);
        database.commitAt(clock.now());
        disk.createFolders(meta);
        this.history = join(ChangeLog.open(disk, meta.resolve("log"), ROOM_ENOUGH), scan());
        this.ages = new AgeRecord(disk, meta, clock);
        this.keeping = new LogKeeping(clock, logLimit, ages);
        this.actor = begin();
        commit();
    }

    /** One more change set, at once. */
    public long commit() throws IOException, InterruptedException {
        long txid = database.commitAt(clock.now());
        NavigableMap<Integer, byte[]> pages = database.changed(txid);
        history.log()
                .append(
                        database.header(txid),
                        sink -> {
                            for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                                sink.page(page.getKey(), page.getValue(), 0);
                            }
                        },
                        NOWHERE);
        history.ledger().apply(new Txid(txid), database.pageCount(txid), sink -> {
            for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                sink.entry(page.getKey(), checksum(page.getKey(), page.getValue()));
            }
        });
        actor.changed();
        keeping.look(history, List.of(actor));
        act();
        return txid;
    }

    /** Time passes, and what is to be done meanwhile is done. */
    public void run(Duration length) throws IOException, InterruptedException {
        long end = clock.ticks() + length.toNanos();
        while (clock.ticks() < end) {
            long next = Math.min(wakeAt, Math.min(end, clock.ticks() + PARKED_LOOK.toNanos()));
            clock.advance(Duration.ofNanos(next - clock.ticks()));
            keeping.look(history, List.of(actor));
            if (clock.ticks() >= wakeAt) {
                act();
            }
            if (clock.ticks() - writtenBackAt >= WRITE_BACK.toNanos()) {
                writtenBackAt = clock.ticks();
                disk.writeBack();
            }
        }
    }

    /** The power is cut, and everything starts again from what is durable. */
    public void restart(long seed) throws IOException, InterruptedException {
        disk.crash(seed);
        ChangeLog log = ChangeLog.open(disk, meta.resolve("log"), ROOM_ENOUGH);
        history = join(log, Ledger.recover(disk, meta.resolve("ledger"), log));
        ages = new AgeRecord(disk, meta, clock);
        keeping = new LogKeeping(clock, logLimit, ages);
        actor = begin();
        act();
    }

    /** The newest TXID up to which the actor takes the replica for whole. */
    public long shipped() {
        return actor.shipped().value();
    }

    /** How the replica is doing. */
    public String health() {
        return actor.health().toString();
    }

    /** The oldest TXID that the change log has. */
    public long oldestInLog() throws IOException {
        return history.log().after(Txid.NONE, 1000).getFirst().txid().value();
    }

    private ReplicaActor begin() {
        ReplicaSpec replica = new ReplicaSpec("model", place.get(), List.of(), looks);
        ReplicaActor begun =
                new ReplicaActor(DatabaseSpec.of(Path.of("/model.db"), List.of(replica)), replica, machine);
        begun.begin(this, true);
        return begun;
    }

    /** Lets the actor do what it would do in no time. */
    private void act() throws InterruptedException {
        int steps = 0;
        do {
            wakeAt = clock.ticks() + actor.step().toNanos();
            if (actor.health() instanceof Health.Stopped
                    || actor.health().toString().contains("Please report")
                    || ++steps > MOST_STEPS) {
                throw new AssertionError(steps + " steps at " + clock.reality() + ", and " + actor.health());
            }
        } while (actor.signal().await(Duration.ZERO) || wakeAt <= clock.ticks());
    }

    private LocalHistory join(ChangeLog log, Ledger ledger) {
        Instant time = log.newest().map(LogFile::time).orElse(Instant.EPOCH);
        return new LocalHistory(log, ledger, ModelDatabase.LINEAGE, time, disk, meta.resolve("position"), clock);
    }

    private Ledger scan() throws IOException {
        long txid = database.newest();
        try (LedgerBuilder ledger = Ledger.create(
                disk, meta.resolve("ledger"), database.header(txid).pageSize(), new Txid(txid))) {
            for (Map.Entry<Integer, byte[]> page : database.changed(txid).entrySet()) {
                ledger.set(page.getKey(), checksum(page.getKey(), page.getValue()));
            }
            return ledger.finish(database.pageCount(txid));
        }
    }

    private static long checksum(int number, byte[] page) {
        return Checksums.page(number, page, 0, page.length);
    }

    @Override
    public ChangeLog log() {
        return history.log();
    }

    @Override
    public Txid newest() {
        return history.txid();
    }

    @Override
    public AgeRecord ages() {
        return ages;
    }

    @Override
    public SelectedImage image(String failureDomain, Txid after) throws IOException {
        NavigableSet<Integer> pages = new TreeSet<>();
        history.ledger().forEachChangedAfter(after, pages::add);
        return database.image(pages);
    }

    @Override
    public PendingReplicas pending() {
        return new PendingReplicas(disk, meta);
    }

    @Override
    public void rise(Txid above) {
        throw new AssertionError("the replica holds no other history");
    }

    @Override
    public void reopen() {
        throw new AssertionError("nobody else has written to the replica");
    }
}

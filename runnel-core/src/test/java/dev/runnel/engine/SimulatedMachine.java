package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.capture.LocalHistory;
import dev.runnel.engine.DatabaseSpec.Duty;
import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.DatabaseSpec.ReplicaSpec;
import dev.runnel.engine.reconcile.Decision;
import dev.runnel.engine.reconcile.ReplicaState;
import dev.runnel.ledger.Ledger;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogLimits;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Txid;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A machine with a database and the engine's own parts that keep its replicas: opening of the history, change log, ledger,
 * records of pending replicas, and an actor for each replica. The database itself is a model; so is capturing. All runs by
 * a simulated clock. The machine can be copied, and set back to a copy.
 */
final class SimulatedMachine implements ReplicaSource {
    private static final int MOST_STEPS = 1000;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Path DATABASE = Path.of("/model.db");
    private static final Path META = DatabaseSpec.defaultMetaFolder(DATABASE);
    private static final LogLimits ROOM_ENOUGH = new LogLimits(1L << 30);
    private static final SourcePosition NOWHERE = new SourcePosition(Optional.empty(), new FileIdentity(1, 2, 3, 4));

    private final Random random;
    private final SimulatedClock clock;
    private final ListingIntervals looks;
    private final Map<String, Supplier<Replica>> locations;
    private final CrashDisk disk;
    private final MetaFiles files;
    private final EngineResources machine;
    private final List<ReplicaActor> actors = new ArrayList<>();
    private final Map<ReplicaActor, Long> wakeAt = new LinkedHashMap<>();
    private final BiConsumer<String, Transition> observer;
    private final Runnable recover;
    private final SimulatedDatabase database;
    private CapturedStates states = new CapturedStates();
    private Optional<LocalHistory> history = Optional.empty();
    private Optional<HistoryOpening> opening = Optional.empty();
    private LogKeeping keeping;
    private boolean reopening;
    private Set<Duty> duties = EnumSet.of(Duty.MAINTENANCE, Duty.SCHEDULED_BASELINES);
    private long lineage;

    /** What was decided about a replica. */
    record Transition(ReplicaState before, Decision decision) {}

    /**
     * @param locations opens each replica, as a process does that has just started
     * @param observer is told of every decision about a replica
     * @param recover ends the faults of the stores, where a history cannot be opened otherwise
     */
    SimulatedMachine(
            Random random,
            SimulatedClock clock,
            ListingIntervals looks,
            Map<String, Supplier<Replica>> locations,
            BiConsumer<String, Transition> observer,
            Runnable recover)
            throws IOException {
        this.random = random;
        this.clock = clock;
        this.looks = looks;
        this.locations = locations;
        this.observer = observer;
        this.recover = recover;
        this.database = new SimulatedDatabase(random, clock);
        this.disk = new CrashDisk(clock);
        this.files = new MetaFiles(disk, META);
        this.machine = new EngineResources(
                disk,
                clock,
                new Threads(new SameThread(), new SameThread(), new SameThread()),
                new FolderEvents(new SilentFolderWatch()),
                new Random(random.nextLong())::nextLong,
                new Descriptors(Embedding.ALONE),
                ImagePermits.ofThisProcess(clock),
                EngineListener.NONE);
        this.keeping = keeping();
        disk.createFolders(META.resolve("log"));
        newDatabase();
    }

    /** The same machine once more, as a disk image of it is started elsewhere. */
    SimulatedMachine(SimulatedMachine original) throws IOException {
        this(original.random, original.clock, original.looks, original.locations, original.observer, original.recover);
        put(original.copy());
    }

    private LogKeeping keeping() {
        return new LogKeeping(clock, DatabaseSpec.DEFAULT_LOG_LIMIT, new AgeRecord(disk, META, clock));
    }

    /** It has keys: history that is encrypted for others is continued above. To be called before it starts. */
    void hasKeys() {
        duties = EnumSet.of(Duty.MAINTENANCE, Duty.SCHEDULED_BASELINES, Duty.LEAVE_ENCRYPTED);
    }

    /** It only uploads, as {@code -once} does. To be called before it starts. */
    void onlyUploads() {
        duties = EnumSet.noneOf(Duty.class);
    }

    /** Where everything local but the database is. */
    CrashDisk disk() {
        return disk;
    }

    /** The application makes another database in the place of the one before. */
    void newDatabase() {
        database.replace();
    }

    long lineage() {
        return lineage;
    }

    byte[] content() {
        return database.content();
    }

    /** What the database held at a TXID, if this machine has captured that. */
    Optional<CapturedStates.State> state(Txid txid) {
        return states.at(txid);
    }

    /** A transaction of the application, whether it is followed or not. */
    void write() {
        database.write();
    }

    /** Starts to follow. At least one replica has to respond if there is no local history. */
    void start() throws IOException, InterruptedException {
        List<ReplicaSpec> specs = new ArrayList<>();
        locations.forEach(
                (name, location) -> specs.add(new ReplicaSpec(name, name, location.get(), List.of(), looks, duties)));
        DatabaseSpec spec = DatabaseSpec.of(DATABASE, specs);
        actors.clear();
        wakeAt.clear();
        for (ReplicaSpec each : specs) {
            ReplicaActor actor = new ReplicaActor(spec, each, machine);
            actor.onDecision((before, decision) -> observer.accept(each.name(), new Transition(before, decision)));
            actors.add(actor);
            wakeAt.put(actor, clock.ticks());
        }
        // What a process knows of ages is what an earlier one has left.
        keeping = keeping();
        opening = Optional.of(new HistoryOpening(spec, machine, ROOM_ENOUGH, (_, _) -> {
            for (ReplicaActor actor : actors) {
                actor.step();
            }
        }));
        open();
    }

    /** A history that cannot be opened is tried again, as the engine does. */
    private void open() throws IOException, InterruptedException {
        try {
            openOnce();
        } catch (IOException _) {
            recover.run();
            clock.advance(AFTER_FAILURE);
            openOnce();
        }
    }

    private void openOnce() throws IOException, InterruptedException {
        reopening = false;
        HistoryOpening.Found found = opening.orElseThrow().look(actors);
        LocalHistory opened = switch (found) {
            case HistoryOpening.Found.Whole(LocalHistory whole) -> whole;
            case HistoryOpening.Found.Ledgerless ledgerless -> rebuild(ledgerless);
        };
        history = Optional.of(opened);
        lineage = opened.proof().lineage();
        capture();
        for (ReplicaActor actor : actors) {
            actor.begin(this, true);
        }
        act();
    }

    private LocalHistory rebuild(HistoryOpening.Found.Ledgerless found) throws IOException, InterruptedException {
        HistoryOpening how = opening.orElseThrow();
        Ledger made = database.pages().ledger(disk, how.ledgerPath(), HistoryOpening.scannedTxid(found));
        HistoryOpening.Scan scan = how.scanned(found, made);
        if (scan.history().isPresent()) {
            if (found.replica().isEmpty()) {
                append(scan.history().get(), new TreeSet<>());
            }
            return scan.history().get();
        }
        Optional<LocalHistory> readBack = ReadBackInOneGo.of(how, found, machine.threads(), scan.checksum());
        return readBack.isPresent() ? readBack.get() : rebuild(how.startOver(found));
    }

    /** Whatever differs from the ledger becomes the next change set. */
    void capture() throws IOException {
        LocalHistory known = history.orElseThrow();
        NavigableSet<Integer> changed = database.pages().differing(known.ledger());
        if (!changed.isEmpty() || database.pages().count() != known.ledger().pageCount()) {
            append(known, changed);
        } else {
            states.put(known.txid(), database.content(), clock);
        }
    }

    private void append(LocalHistory known, NavigableSet<Integer> changed) throws IOException {
        Txid txid = known.txid().next();
        ModelDatabase model = database.as(known.proof().lineage(), txid);
        ModelPages pages = database.pages();
        known.log().append(model.header(txid.value()), sink -> pages.readTo(sink, changed), NOWHERE);
        states.put(txid, database.content(), clock);
        known.ledger().apply(txid, pages.count(), sink -> {
            for (int page : changed) {
                sink.entry(page, pages.checksum(page));
            }
        });
    }

    /** A transaction that is captured and uploaded at once, as far as the replicas let it. */
    void commit() throws IOException, InterruptedException {
        write();
        capture();
        actors.forEach(ReplicaActor::changed);
        act();
    }

    /** Time passes, and what is to be done meanwhile is done. */
    void run(Duration length) throws IOException, InterruptedException {
        long end = clock.ticks() + length.toNanos();
        while (clock.ticks() < end) {
            long next = wakeAt.values().stream().min(Long::compare).orElse(end);
            clock.advance(Duration.ofNanos(Math.max(0, Math.min(end, next) - clock.ticks())));
            keepLog();
            act();
        }
    }

    /** The log is far below its limit, so it keeps what a replica lacks. */
    private void keepLog() throws IOException {
        LocalHistory known = history.orElseThrow();
        List<Txid> lacking = actors.stream()
                .map(actor -> actor.shipped().next())
                .filter(known.log()::has)
                .toList();
        keeping.look(known, actors);
        assertThat(lacking).as("change sets that a replica lacks").allMatch(known.log()::has);
    }

    /** A bit of the first change set that a replica lacks changes on the disk. */
    void rot(String name) throws IOException {
        files.rot(actor(name).shipped().next(), random);
    }

    /** Forgets what every replica has: evidence has to outlive it. */
    void trim() throws IOException {
        LocalHistory known = history.orElseThrow();
        known.checkpoint();
        known.shrink(0, known.txid());
    }

    /** Actors wake each other. */
    private void act() throws IOException, InterruptedException {
        boolean anyStepped = true;
        while (anyStepped && !reopening) {
            anyStepped = false;
            for (ReplicaActor actor : actors) {
                anyStepped |= act(actor);
            }
        }
        if (reopening) {
            history.orElseThrow().close();
            open();
        }
    }

    private boolean act(ReplicaActor actor) throws InterruptedException {
        int steps = 0;
        while (!(actor.health() instanceof Health.Stopped)
                && (actor.signal().await(Duration.ZERO) || wakeAt(actor) <= clock.ticks())) {
            wakeAt.put(actor, clock.ticks() + Math.max(1, actor.step().toNanos()));
            if (actor.health().toString().contains("Please report") || ++steps > MOST_STEPS) {
                throw new AssertionError(steps + " steps, and " + actor.health());
            }
        }
        if (actor.health() instanceof Health.Stopped) {
            wakeAt.put(actor, Long.MAX_VALUE);
        }
        return steps > 0;
    }

    private long wakeAt(ReplicaActor actor) {
        return wakeAt.getOrDefault(actor, clock.ticks());
    }

    /** The power is cut. */
    void crash(long seed) {
        end();
        disk.crash(seed);
    }

    void stop() throws IOException {
        if (history.isPresent()) {
            keeping.close(history.get());
        }
        end();
    }

    private void end() {
        history = Optional.empty();
        actors.clear();
        wakeAt.clear();
    }

    /** Everything local but the database is lost. */
    void loseLocalFiles() throws IOException {
        files.delete();
    }

    /** What a copy of the whole machine would hold. */
    MachineCopy copy() throws IOException {
        return new MachineCopy(files.read(), database.content(), states.copy(), lineage);
    }

    /** The machine is set back to a copy; it must not be running. */
    void put(MachineCopy copy) throws IOException {
        putFiles(copy);
        database.put(copy.content());
    }

    /** Only the local files are set back; the database stays. */
    void putFiles(MachineCopy copy) throws IOException {
        files.put(copy.files());
        states = copy.states().copy();
        lineage = copy.lineage();
    }

    ReplicaActor actor(String name) {
        return actors.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public ChangeLog log() {
        return history.orElseThrow().log();
    }

    @Override
    public AgeRecord ages() {
        return keeping.ages();
    }

    @Override
    public Txid newest() {
        return history.orElseThrow().txid();
    }

    @Override
    public SelectedImage image(String failureDomain, Txid after) throws IOException {
        LocalHistory known = history.orElseThrow();
        NavigableSet<Integer> pages = new TreeSet<>();
        known.ledger().forEachChangedAfter(after, pages::add);
        return database.as(known.proof().lineage(), known.txid()).image(pages);
    }

    @Override
    public PendingReplicas pending() {
        return opening.orElseThrow().pending();
    }

    @Override
    public void rise(Txid above) throws IOException {
        LocalHistory known = history.orElseThrow();
        if (!known.txid().isAfter(above)) {
            append(known, new TreeSet<>());
            actors.forEach(ReplicaActor::changed);
        }
        known.rise(above);
    }

    @Override
    public void reopen() {
        reopening = true;
    }
}

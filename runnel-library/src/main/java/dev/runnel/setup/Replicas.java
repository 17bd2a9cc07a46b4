package dev.runnel.setup;

import dev.runnel.age.AgeStore;
import dev.runnel.doctor.Names;
import dev.runnel.location.Location;
import dev.runnel.location.StoreContext;
import dev.runnel.location.StoreTraits;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.Replica;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.generations.GenerationCatalogue;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsHistory;
import dev.runnel.replica.generations.GenerationsReplica;
import dev.runnel.replica.inventory.OwnUploads;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.store.Leftover;
import dev.runnel.store.MeteredStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.RecognisingStore;
import dev.runnel.store.RecordingStore;
import dev.runnel.store.ResumingStore;
import dev.runnel.store.RetryLimits;
import dev.runnel.store.RetryingStore;
import dev.runnel.store.StoreException;
import dev.runnel.store.StoreUsage;
import dev.runnel.store.ThrottledStore;
import dev.runnel.store.UploadJournal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** Opens what a configuration calls a replica. Opening is cheap; nothing is touched before the replica is used. */
public final class Replicas implements Closeable {
    private static final int BATCHES_PER_PROCESSOR = 2;

    private final Disk disk;
    private final Clock clock;
    private final StoreContext context;
    private final Entropy entropy = Entropy.system();
    private final int processors = Runtime.getRuntime().availableProcessors();
    private final ExecutorService compressors = Executors.newFixedThreadPool(
            processors, Thread.ofPlatform().daemon().name("compress-", 0).factory());
    private final Map<StoreKey, ObjectStore> places = new ConcurrentHashMap<>();
    private final Map<StoreKey, ObjectStore> stores = new ConcurrentHashMap<>();
    private final Map<String, List<MeteredStore>> meters = new ConcurrentSkipListMap<>();

    /** What makes a store: replicas that differ in other things are at one place. */
    private record StoreKey(Location location, StoreOptions options) {}

    /** @param environment where credentials are looked for that the configuration does not have */
    public Replicas(Disk disk, Clock clock, Map<String, String> environment) {
        this.disk = disk;
        this.clock = clock;
        this.context = new StoreContext(disk, environment);
    }

    Disk disk() {
        return disk;
    }

    /** What was asked of the stores so far, by the type of their locations. */
    public Map<String, List<StoreUsage>> usage() {
        Map<String, List<StoreUsage>> usage = new TreeMap<>();
        meters.forEach((type, stores) ->
                usage.put(type, stores.stream().map(MeteredStore::usage).toList()));
        return usage;
    }

    /** Ends the threads that compress. What was opened is of no use after that. */
    @Override
    public void close() {
        compressors.shutdownNow();
    }

    /**
     * A replica to read from and write to.
     *
     * @param scratch a file that no other replica has, for what writing or reading it needs on disk; what this host records
     *     of its uploads, if it cannot decrypt them, is beside it
     */
    public Replica open(ReplicaConfig replica, Path scratch) {
        Writable writable = writable(replica, scratch);
        return switch (replica.layout()) {
            case Layout.Ltx(var policy) -> ltx(replica, writable, policy, Scratch.at(disk, scratch));
            case Layout.Generations(var policy) ->
                new GenerationsReplica(
                        writable.store,
                        generationKeys(replica.location()),
                        Scratch.at(disk, scratch.resolveSibling(scratch.getFileName() + "-read")),
                        Scratch.at(disk, scratch),
                        policy,
                        clock,
                        writable.uploads);
        };
    }

    /**
     * Where a replica is written.
     *
     * @param uploads on a host that has no keys to decrypt what is there: what it knows of its own objects
     */
    private record Writable(ObjectStore store, Optional<OwnUploads> uploads) {}

    private Writable writable(ReplicaConfig replica, Path scratch) {
        boolean isGenerations = replica.layout() instanceof Layout.Generations;
        if (!replica.store().isEncryptOnly()) {
            return new Writable(isGenerations ? generationsStore(replica) : store(replica), Optional.empty());
        }
        StoreKey key = isGenerations ? generationsPlace(replica) : new StoreKey(replica.location(), replica.store());
        String name = replica.location().display() + (isGenerations ? " generations" : " ltx");
        Path journal = UploadJournal.file(Objects.requireNonNull(scratch.getParent()), name);
        RecordingStore recording = new RecordingStore(limited(key), new UploadJournal(disk, journal));
        return new Writable(decrypted(key, recording), Optional.of(new OwnUploads(recording)));
    }

    /** The history in the {@code ltx} layout, only to be read, whatever the layout is that is written. */
    public Replica ltxToRead(ReplicaConfig replica) {
        return ltx(replica, new Writable(store(replica), Optional.empty()), LtxPolicy.DEFAULT, Scratch.none());
    }

    /**
     * The history at a place in every layout there may be: first the one that is written there.
     *
     * @param scratch a file that no other process has, for what a restore needs on disk
     */
    public List<Restorable> histories(ReplicaConfig replica, Path scratch) {
        Restorable ltx = ltxToRead(replica);
        Restorable generations = allGenerations(replica, scratch);
        return switch (replica.layout()) {
            case Layout.Ltx _ -> List.of(ltx, generations);
            case Layout.Generations _ -> List.of(generations, ltx);
        };
    }

    /** All history in the {@code generations} layout. */
    GenerationsHistory allGenerations(ReplicaConfig replica, Path scratch) {
        return GenerationsHistory.all(
                generationsStore(replica), generationKeys(replica.location()), Scratch.at(disk, scratch));
    }

    /** Every generation at a place: those of the {@code generations} layout, then the chains of the {@code ltx} layout. */
    public List<HistoryGeneration> eachGeneration(ReplicaConfig replica, Path scratch) throws IOException {
        List<HistoryGeneration> found = new ArrayList<>(generations(replica, scratch));
        Replica ltx = ltxToRead(replica);
        ltx.history().chains().forEach(chain -> found.add(new HistoryGeneration.OfTxids(chain, ltx)));
        return List.copyOf(found);
    }

    /** Every generation of the {@code generations} layout, as {@link #eachGeneration}. */
    List<HistoryGeneration.OfWals> generations(ReplicaConfig replica, Path scratch) throws IOException {
        List<HistoryGeneration.OfWals> found = new ArrayList<>();
        for (Generation generation : generationCatalogue(replica).list()) {
            found.add(new HistoryGeneration.OfWals(
                    generation,
                    GenerationsHistory.one(
                            generationsStore(replica),
                            generationKeys(replica.location()),
                            Scratch.at(disk, scratch),
                            generation.name())));
        }
        return List.copyOf(found);
    }

    /** The list of a replica's generations. */
    public GenerationCatalogue generationCatalogue(ReplicaConfig replica) {
        return new GenerationCatalogue(generationsStore(replica), generationKeys(replica.location()));
    }

    private Replica ltx(ReplicaConfig replica, Writable writable, LtxPolicy policy, Scratch scratch) {
        BaselineEncoding encoding = new BaselineEncoding(compressors, BATCHES_PER_PROCESSOR * processors, scratch);
        return new LtxReplica(writable.store, ltxKeys(replica.location()), encoding, policy, clock, writable.uploads);
    }

    /** Folders of this machine that hold the files of a replica, and may be watched. */
    public static List<Path> folders(ReplicaConfig replica) {
        return replica.location()
                .folder()
                .filter(_ -> replica.layout() instanceof Layout.Ltx)
                .map(ltxKeys(replica.location())::below)
                .orElse(List.of());
    }

    /** What is recorded at a replica, in every layout, about history that continued with another state. */
    public List<Takeover> takeovers(ReplicaConfig replica) throws IOException {
        List<Takeover> found = new ArrayList<>(catalogue(replica).listing().takeovers());
        generationCatalogue(replica).list().forEach(generation -> found.addAll(generation.takeovers()));
        return List.copyOf(found);
    }

    /** The list of a replica's files. */
    public LtxCatalogue catalogue(ReplicaConfig replica) {
        return new LtxCatalogue(store(replica), ltxKeys(replica.location()));
    }

    /** Removes what uploads of a killed writer have left; for the one who writes there, when it starts. */
    public void removeLeftovers(Location location, Instant now) throws StoreException {
        for (Location each : places(location)) {
            each.removeLeftovers(context, now, isHistory(location));
        }
    }

    /** What uploads that were cut short have left, and no process may still be writing. */
    List<Leftover> leftovers(Location location, Instant now) throws StoreException {
        List<Leftover> found = new ArrayList<>();
        for (Location each : places(location)) {
            found.addAll(each.leftovers(context, now, isHistory(location)));
        }
        return List.copyOf(found);
    }

    private static Set<Location> places(Location location) {
        return new LinkedHashSet<>(List.of(location, location.ofGenerations()));
    }

    /** The layout may have been another one when an upload was cut short. */
    private static Predicate<String> isHistory(Location location) {
        LtxKeys ltx = ltxKeys(location);
        GenerationKeys generations = generationKeys(location);
        return key -> ltx.isFile(key) || generations.isFile(key);
    }

    /** What the names at a replica are compared with. */
    static Names names(Location location) {
        return new Names(ltxKeys(location), generationKeys(location));
    }

    /**
     * The place with all that comes between it and a replica: limits on what is asked of it, another try where it does not
     * answer, encryption. All who read or write there share it, or each would have limits of its own.
     */
    public ObjectStore store(ReplicaConfig replica) {
        return stores.computeIfAbsent(new StoreKey(replica.location(), replica.store()), this::open);
    }

    /** The same for the {@code generations} layout, whose keys are joined to the path of a bucket differently. */
    public ObjectStore generationsStore(ReplicaConfig replica) {
        return stores.computeIfAbsent(generationsPlace(replica), this::open);
    }

    private static StoreKey generationsPlace(ReplicaConfig replica) {
        return new StoreKey(replica.location().ofGenerations(), replica.store());
    }

    private ObjectStore open(StoreKey key) {
        return decrypted(key, limited(key));
    }

    /** What is stored there, as it is stored. */
    private ObjectStore limited(StoreKey key) {
        return places.computeIfAbsent(key, this::resuming);
    }

    private ObjectStore resuming(StoreKey key) {
        MeteredStore metered = new MeteredStore(key.location().open(context), clock);
        meters.computeIfAbsent(key.location().type(), _ -> new CopyOnWriteArrayList<>())
                .add(metered);
        ObjectStore throttled = new ThrottledStore(metered, key.options().limits(), clock);
        ObjectStore retrying = switch (key.location().traits().retries()) {
            case OF_RUNNEL -> new RetryingStore(throttled, RetryLimits.SHORT, clock, entropy);
            case OF_THE_CLIENT_LIBRARY -> throttled;
        };
        return new ResumingStore(retrying, RetryLimits.SHORT, clock, entropy);
    }

    private ObjectStore decrypted(StoreKey key, ObjectStore stored) {
        ObjectStore decrypted = key.options()
                .encryption()
                .<ObjectStore>map(keys -> new AgeStore(stored, keys))
                .orElse(stored);
        return new RecognisingStore(decrypted);
    }

    private static GenerationKeys generationKeys(Location location) {
        return GenerationKeys.at(location.traits().listedTimes());
    }

    private static LtxKeys ltxKeys(Location location) {
        StoreTraits traits = location.traits();
        return LtxKeys.of(traits.ltxFolders(), traits.listedTimes());
    }
}

package dev.runnel.engine;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.Replica;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsHistory;
import dev.runnel.replica.generations.GenerationsPolicy;
import dev.runnel.replica.generations.GenerationsReplica;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How history is laid out at a simulated location, and what the names of its objects say. */
enum SimulatedLayout {
    LTX_FOLDER(false) {
        @Override
        Replica open(ObjectStore store, SimulatedClock clock) {
            return ltx(store, LtxKeys.folder(), clock);
        }
    },
    LTX_S3(true) {
        @Override
        Replica open(ObjectStore store, SimulatedClock clock) {
            return ltx(store, LtxKeys.of("%04x/", ListedTimes.OF_UPLOADS), clock);
        }
    },
    GENERATIONS_FOLDER(false) {
        @Override
        Replica open(ObjectStore store, SimulatedClock clock) {
            return generations(store, GenerationKeys.DEFAULT, clock);
        }
    },
    GENERATIONS_S3(true) {
        @Override
        Replica open(ObjectStore store, SimulatedClock clock) {
            return generations(store, GenerationKeys.at(ListedTimes.OF_UPLOADS), clock);
        }
    };

    /** How far back each time is promised. */
    static final Duration RETENTION = Duration.ofDays(1);

    private static final Duration CHANGE_SET_RETENTION = Duration.ofMinutes(5);

    private static final LtxPolicy LTX = new LtxPolicy(
            Duration.ofDays(1),
            Optional.of(RETENTION),
            Optional.of(CHANGE_SET_RETENTION),
            Duration.ofSeconds(15),
            List.of(Duration.ofSeconds(30), Duration.ofMinutes(5)),
            AgeSource.TIME_PASSED);

    private static final GenerationsPolicy GENERATIONS = new GenerationsPolicy(
            Duration.ofDays(1), Optional.of(RETENTION), Duration.ofMinutes(10), AgeSource.TIME_PASSED);

    private static final Pattern LTX_NAME =
            Pattern.compile("(?:ltx|000)/?(?<level>[0-9])/[0-9a-f]{16}-(?<max>[0-9a-f]{16})\\.ltx");
    private static final Pattern GENERATION = Pattern.compile("generations/(?<name>[0-9a-f]+)/");
    private static final Pattern SEGMENT =
            Pattern.compile("generations/[0-9a-f]+/wal/(?<index>[0-9a-f]{8})_0+\\.wal\\.lz4");
    private static final Pattern SNAPSHOT =
            Pattern.compile("generations/[0-9a-f]+/snapshots/(?<index>[0-9a-f]{8})\\.snapshot\\.lz4");

    private final boolean listsUploads;

    SimulatedLayout(boolean listsUploads) {
        this.listsUploads = listsUploads;
    }

    /**
     * What a name says of an object.
     *
     * @param last the TXID that it ends at
     * @param isChangeSet whether it is a single change set
     */
    record Named(Txid last, boolean isChangeSet) {}

    /** A replica as a process that has just started sees it. */
    abstract Replica open(ObjectStore store, SimulatedClock clock);

    /** The parts of history that can be named. */
    List<Restorable> parts(SimulatedStore store) {
        return store.all().stream()
                .flatMap(object -> GENERATION.matcher(object.key()).results())
                .map(found -> found.group("name"))
                .distinct()
                .map(name -> generation(store, name))
                .toList();
    }

    /** Whether listings show the times of uploads. */
    boolean listsUploads() {
        return listsUploads;
    }

    /** For how long a point that is no more than the end of a change set is promised. */
    Duration keepsChangeSets() {
        return isGenerations() ? RETENTION : CHANGE_SET_RETENTION;
    }

    boolean isGenerations() {
        return this == GENERATIONS_FOLDER || this == GENERATIONS_S3;
    }

    /** The key of the mark that says that Runnel wrote a generation; empty for any key of another layout. */
    static Optional<String> mark(String key) {
        Matcher generation = GENERATION.matcher(key);
        return generation.lookingAt()
                ? Optional.of(generation.group() + generation.group("name") + ".runnel2")
                : Optional.empty();
    }

    /** What the key of an object of history says; empty for any other object. */
    static Optional<Named> parse(String key) {
        Matcher ltx = LTX_NAME.matcher(key);
        if (ltx.matches()) {
            return Optional.of(
                    new Named(txid(ltx.group("max")), ltx.group("level").equals("0")));
        }
        Matcher segment = SEGMENT.matcher(key);
        if (segment.matches()) {
            return Optional.of(new Named(txid(segment.group("index")).next(), true));
        }
        Matcher snapshot = SNAPSHOT.matcher(key);
        return snapshot.matches() ? Optional.of(new Named(txid(snapshot.group("index")), false)) : Optional.empty();
    }

    /** Whether a key is that of a snapshot. */
    static boolean isSnapshot(String key) {
        Matcher ltx = LTX_NAME.matcher(key);
        return SNAPSHOT.matcher(key).matches()
                || (ltx.matches() && ltx.group("level").equals("9"));
    }

    private static Txid txid(String hex) {
        return new Txid(Long.parseLong(hex, 16));
    }

    private static Replica ltx(ObjectStore store, LtxKeys keys, SimulatedClock clock) {
        BaselineEncoding encoding = new BaselineEncoding(ForkJoinPool.commonPool(), 2, Scratch.none());
        return new LtxReplica(store, keys, encoding, LTX, clock);
    }

    private static Restorable generation(ObjectStore store, String name) {
        Scratch scratch = Scratch.at(new CrashDisk(new SimulatedClock(Instant.EPOCH)), Path.of("/reading"));
        return GenerationsHistory.one(store, GenerationKeys.DEFAULT, scratch, name);
    }

    private static Replica generations(ObjectStore store, GenerationKeys keys, SimulatedClock clock) {
        CrashDisk disk = new CrashDisk(clock);
        return new GenerationsReplica(
                store,
                keys,
                Scratch.at(disk, Path.of("/reading")),
                Scratch.at(disk, Path.of("/writing")),
                GENERATIONS,
                clock);
    }
}

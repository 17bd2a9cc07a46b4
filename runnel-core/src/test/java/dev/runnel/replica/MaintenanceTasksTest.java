package dev.runnel.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.SimulatedReplication;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsPolicy;
import dev.runnel.replica.generations.GenerationsReplica;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.SimulatedClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compaction levels, removal, snapshots and the trimming of the change log fail one by one, for a day of simulated time each:
 * the others go on, and the health of the replica says what no longer happens (I-57), in both layouts (I-59).
 */
@Tag("slow")
final class MaintenanceTasksTest {
    private static final Duration RETENTION = Duration.ofHours(2);
    private static final Duration LENGTH = Duration.ofHours(24);
    private static final ListingIntervals LOOKS =
            new ListingIntervals(Duration.ofMinutes(2), Duration.ofMinutes(2), Duration.ofSeconds(30));

    /** Nothing has come of a task for so long: it was ended with another. */
    private static final int LATEST = 4;

    @TempDir
    Path folder;

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final Refusing store = new Refusing(new MemoryStore(clock));
    private final ModelDatabase database = new ModelDatabase(new Random(7), ModelDatabase.LINEAGE, new PageSize(512));

    /** How a layout names its snapshots. */
    enum Layout {
        LTX("ltx/9/"),
        GENERATIONS("/snapshots/");

        private final String snapshots;

        Layout(String snapshots) {
            this.snapshots = snapshots;
        }
    }

    @ParameterizedTest
    @EnumSource
    void i57i59AnObjectThatCannotBeDeletedEndsNothingElse(Layout layout) throws Exception {
        SimulatedReplication engine = start(layout);
        String kept = snapshots(layout).getFirst();
        store.undeletable = kept::equals;
        live(engine);
        assertThat(engine.health())
                .contains("expired objects are not removed since 2026-11-2")
                .contains(kept);
        assertThat(snapshots(layout))
                .as("the others are removed")
                .contains(kept)
                .hasSizeBetween(3, 6);
        assertSnapshotsGoOn(layout);
        assertLogIsTrimmed(engine);
        store.undeletable = _ -> false;
        live(engine);
        assertThat(engine.health()).isEqualTo("Healthy[]");
        assertThat(snapshots(layout)).doesNotContain(kept);
    }

    @ParameterizedTest
    @EnumSource
    void i57i59WithoutTheRightToDeleteEverythingElseGoesOn(Layout layout) throws Exception {
        store.undeletable = _ -> true;
        SimulatedReplication engine = start(layout);
        live(engine);
        assertThat(engine.health()).contains("expired objects are not removed since 2026-11-2");
        assertSnapshotsGoOn(layout);
        assertLogIsTrimmed(engine);
    }

    @ParameterizedTest
    @EnumSource
    void i57i59WhereNoSnapshotCanBeWrittenTheRestGoesOn(Layout layout) throws Exception {
        SimulatedReplication engine = start(layout);
        int before = snapshots(layout).size();
        store.unwritable = key -> key.contains(layout.snapshots);
        live(engine);
        assertThat(engine.health()).contains("no new snapshot since 2026-11-2");
        assertThat(snapshots(layout)).hasSizeLessThanOrEqualTo(before);
        assertThat(engine.shipped()).isEqualTo(database.newest());
        assertLogIsTrimmed(engine);
        store.unwritable = _ -> false;
        live(engine);
        assertThat(engine.health()).isEqualTo("Healthy[]");
        assertSnapshotsGoOn(layout);
    }

    @ParameterizedTest
    @EnumSource
    void i57i59ASnapshotThatIsThereAllTheSameIsNoTrouble(Layout layout) throws Exception {
        SimulatedReplication engine = start(layout);
        store.unanswered = key -> key.contains(layout.snapshots);
        live(engine);
        assertSnapshotsGoOn(layout);
        assertThat(engine.health()).isEqualTo("Healthy[]");
    }

    @Test
    void i57ALevelThatCannotBeWrittenEndsNothingElse() throws Exception {
        SimulatedReplication engine = start(Layout.LTX);
        store.unwritable = key -> key.contains("ltx/2/");
        live(engine);
        assertThat(engine.health()).contains("compaction level 2 gets no new files since 2026-11-2");
        assertThat(store.keys("ltx/1/")).as("level 1 goes on").isNotEmpty();
        assertThat(store.keys("ltx/0/")).as("change sets are removed").hasSizeLessThan(60);
        assertSnapshotsGoOn(Layout.LTX);
        assertThat(snapshots(Layout.LTX)).hasSizeBetween(2, 6);
        assertLogIsTrimmed(engine);
        store.unwritable = _ -> false;
        live(engine);
        assertThat(engine.health()).isEqualTo("Healthy[]");
        assertThat(store.keys("ltx/2/")).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void i47i59AClockThatIsYearsAheadForSecondsPutsOffNoSnapshotAndNoRemoval(Layout layout) throws Exception {
        SimulatedReplication engine = start(layout);
        clock.setError(Duration.ofDays(3650));
        engine.commit();
        engine.run(Duration.ofSeconds(4));
        clock.setError(Duration.ZERO);
        int snapshots = snapshots(layout).size();
        engine.run(Duration.ofSeconds(30));
        assertThat(snapshots(layout)).as("no needless snapshot").hasSize(snapshots);
        engine.restart(1);
        live(engine);
        assertSnapshotsGoOn(layout);
        assertThat(snapshots(layout)).hasSizeBetween(2, 6);
        assertLogIsTrimmed(engine);
    }

    @ParameterizedTest
    @EnumSource
    void i57i59PausesAndRestartsMoreOftenThanTheRetentionDoNotEndRemoval(Layout layout) throws Exception {
        SimulatedReplication engine = start(layout);
        for (int day = 0; day < 12; day++) {
            for (int minute = 0; minute < 60; minute++) {
                engine.commit();
                engine.run(Duration.ofMinutes(1));
            }
            clock.setError(Duration.ofHours(13L * (day + 1)));
            engine.restart(day);
        }
        assertThat(snapshots(layout)).hasSizeBetween(2, 7);
    }

    private void live(SimulatedReplication engine) throws Exception {
        for (Duration lived = Duration.ZERO; lived.compareTo(LENGTH) < 0; lived = lived.plusMinutes(5)) {
            engine.commit();
            engine.run(Duration.ofMinutes(5));
        }
    }

    private void assertSnapshotsGoOn(Layout layout) throws IOException {
        Duration age = store.youngest(layout.snapshots, clock);
        assertThat(age).as("age of the newest snapshot").isLessThan(Duration.ofHours(LATEST));
    }

    private void assertLogIsTrimmed(SimulatedReplication engine) throws IOException {
        assertThat(database.newest() - engine.oldestInLog())
                .as("change sets in the log")
                .isLessThan(60);
    }

    private List<String> snapshots(Layout layout) throws IOException {
        return store.keys(layout.snapshots);
    }

    private SimulatedReplication start(Layout layout) throws Exception {
        SimulatedReplication engine = new SimulatedReplication(database, clock, LOOKS, 1L << 30, () -> open(layout));
        engine.commit();
        engine.run(Duration.ofMinutes(1));
        return engine;
    }

    private Replica open(Layout layout) {
        return switch (layout) {
            case LTX -> new LtxReplica(store, LtxKeys.folder(), encoding(), ltxPolicy(), clock);
            case GENERATIONS ->
                new GenerationsReplica(
                        store,
                        GenerationKeys.DEFAULT,
                        Scratch.at(Disk.system(), folder.resolve("reading")),
                        Scratch.at(Disk.system(), folder.resolve("writing")),
                        new GenerationsPolicy(
                                Duration.ofHours(1),
                                Optional.of(RETENTION),
                                Duration.ofSeconds(10),
                                AgeSource.TIME_PASSED),
                        clock);
        };
    }

    private static LtxPolicy ltxPolicy() {
        return new LtxPolicy(
                Duration.ofHours(1),
                Optional.of(RETENTION),
                Optional.of(Duration.ofMinutes(5)),
                Duration.ofSeconds(10),
                List.of(Duration.ofMinutes(1), Duration.ofMinutes(10)),
                AgeSource.TIME_PASSED);
    }

    private static BaselineEncoding encoding() {
        return new BaselineEncoding(ForkJoinPool.commonPool(), 2, Scratch.none());
    }

    /** A store that refuses to write or delete some objects, and does everything else. */
    private static final class Refusing implements ObjectStore {
        private final MemoryStore inner;
        private Predicate<String> undeletable = _ -> false;
        private Predicate<String> unwritable = _ -> false;
        private Predicate<String> unanswered = _ -> false;

        Refusing(MemoryStore inner) {
            this.inner = inner;
        }

        List<String> keys(String part) throws IOException {
            try (Stream<ObjectInfo> listing = inner.list("", Optional.empty())) {
                return listing.map(ObjectInfo::key)
                        .filter(key -> key.contains(part))
                        .sorted()
                        .toList();
            }
        }

        Duration youngest(String part, Clock clock) throws IOException {
            try (Stream<ObjectInfo> listing = inner.list("", Optional.empty())) {
                return listing.filter(object -> object.key().contains(part))
                        .map(object ->
                                Duration.between(object.time(), clock.now()).abs())
                        .min(Duration::compareTo)
                        .orElseThrow();
            }
        }

        @Override
        public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
            return inner.list(prefix, after);
        }

        @Override
        public InputStream open(String key, ByteRange range) throws StoreException {
            return inner.open(key, range);
        }

        @Override
        public Optional<ObjectInfo> stat(String key) throws StoreException {
            return inner.stat(key);
        }

        @Override
        public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
            if (unwritable.test(key)) {
                throw denied(key);
            }
            ObjectInfo stored = inner.put(key, body, options);
            if (unanswered.test(key)) {
                throw denied(key);
            }
            return stored;
        }

        @Override
        public void delete(Collection<String> keys) throws StoreException {
            List<String> staying = new ArrayList<>();
            for (String key : keys) {
                if (undeletable.test(key)) {
                    staying.add(key);
                } else {
                    inner.delete(List.of(key));
                }
            }
            if (!staying.isEmpty()) {
                throw denied(String.join(", ", staying));
            }
        }

        private StoreException denied(String keys) {
            return new StoreException.AccessDenied(location(), keys, new AccessDeniedException(keys));
        }

        @Override
        public String location() {
            return inner.location();
        }
    }
}

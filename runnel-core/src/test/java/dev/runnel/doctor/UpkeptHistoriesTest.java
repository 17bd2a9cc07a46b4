package dev.runnel.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.RandomFaults;
import dev.runnel.engine.SimulatedReplication;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.GenerationCatalogue;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsPolicy;
import dev.runnel.replica.generations.GenerationsReplica;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.Rounds;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.FaultyStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Histories that Runnel has kept for hours, compacted and removed from: what is found in them is so, and nothing else is. */
@Tag("slow")
final class UpkeptHistoriesTest {
    private static final Duration RETENTION = Duration.ofMinutes(40);
    private static final Duration LENGTH = Duration.ofMinutes(150);
    private static final Duration STEP = Duration.ofSeconds(4);
    private static final ListingIntervals LOOKS =
            new ListingIntervals(Duration.ofSeconds(45), Duration.ofSeconds(45), Duration.ofSeconds(30));

    /** Half of the objects are removed, so many parts of them, and looked at in between. */
    private static final int PARTS = 12;

    enum Layout {
        LTX,
        GENERATIONS
    }

    /** One history and the engine that keeps it. */
    private static final class World {
        final Layout layout;
        final Random random;
        final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
        final MemoryStore memory = new MemoryStore(clock);
        final FaultyStore store = new FaultyStore(memory);
        final SimulatedReplication engine;

        World(Layout layout, Random random) throws Exception {
            this.layout = layout;
            this.random = random;
            ModelDatabase database = new ModelDatabase(random, ModelDatabase.LINEAGE, new PageSize(512));
            this.engine = new SimulatedReplication(database, clock, LOOKS, 1 << 20, () -> open(store, clock));
        }

        private Replica open(ObjectStore objects, Clock time) {
            return switch (layout) {
                case LTX ->
                    new LtxReplica(
                            objects,
                            LtxKeys.folder(),
                            new BaselineEncoding(ForkJoinPool.commonPool(), 2, scratch("/index")),
                            new LtxPolicy(
                                    RETENTION,
                                    Optional.of(RETENTION),
                                    Optional.of(Duration.ofMinutes(1)),
                                    Duration.ofSeconds(1),
                                    List.of(Duration.ofSeconds(20), Duration.ofMinutes(2), Duration.ofMinutes(10)),
                                    AgeSource.TIME_PASSED),
                            time);
                case GENERATIONS ->
                    new GenerationsReplica(
                            objects,
                            GenerationKeys.DEFAULT,
                            scratch("/reading"),
                            scratch("/writing"),
                            new GenerationsPolicy(
                                    RETENTION, Optional.of(RETENTION), Duration.ofSeconds(1), AgeSource.TIME_PASSED),
                            time);
            };
        }

        private Scratch scratch(String name) {
            return Scratch.at(new CrashDisk(clock), Path.of(name));
        }

        Replica reader() {
            return open(memory, clock);
        }

        void step() throws Exception {
            engine.run(Duration.ofMillis(1 + random.nextLong(2 * STEP.toMillis())));
            if (random.nextInt(3) > 0) {
                engine.commit();
            }
        }

        List<Fault> faults() throws IOException {
            Histories histories = new Histories(clock.now(), OptionalLong.of(ModelDatabase.LINEAGE));
            List<HistoryObject> files = new LtxCatalogue(memory, LtxKeys.folder()).list();
            OptionalLong writer = layout == Layout.LTX
                    ? reader().extent().map(HistoryExtent::lineage).orElse(OptionalLong.empty())
                    : OptionalLong.empty();
            List<Fault> found = new ArrayList<>(histories.ltx(files, writer));
            found.addAll(histories.generations(new GenerationCatalogue(memory, GenerationKeys.DEFAULT).list()));
            return found;
        }

        boolean restores(RestoreTarget target) throws IOException {
            try {
                reader().plan(target);
                return true;
            } catch (ReplicaException.NotReachable _) {
                return false;
            }
        }

        List<String> content() throws IOException {
            try (Stream<ObjectInfo> listing = memory.list("", Optional.empty())) {
                return listing.map(ObjectInfo::key)
                        .filter(key -> key.endsWith(".ltx") || key.endsWith(".lz4"))
                        .sorted()
                        .toList();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsWrongWhateverWasCompactedAndRemoved(Layout layout) throws Exception {
        World world = new World(layout, new Random(11));
        Instant end = world.clock.now().plus(LENGTH);
        while (world.clock.now().isBefore(end)) {
            for (int i = 0; i < 20; i++) {
                world.step();
            }
            world.engine.run(Duration.ofSeconds(10));
            assertThat(world.faults()).isEmpty();
        }
    }

    /** Also where a difference, a snapshot or fillers stand for what could not be uploaded in time. */
    @ParameterizedTest
    @EnumSource
    void holesAreWhereNothingRestores(Layout layout) throws Exception {
        Rounds.run("holes in " + layout, 3, seed -> {
            World world = new World(layout, new Random(seed));
            RandomFaults trouble = new RandomFaults(world.random, world.clock, world.store, 100);
            Instant end = world.clock.reality().plus(LENGTH.dividedBy(3));
            while (world.clock.reality().isBefore(end)) {
                world.step();
                trouble.disturb(world.engine);
            }
            trouble.heal();
            world.engine.run(LOOKS.changing().multipliedBy(3));
            assertThat(world.faults())
                    .noneMatch(fault -> fault.kind() == Kind.OVERLAP && fault.stake() == Stake.POINTS)
                    .noneMatch(fault -> fault.kind() == Kind.FOREIGN);
            assertAreSo(world);
            List<String> removed = new ArrayList<>(world.content());
            Collections.shuffle(removed, world.random);
            int part = removed.size() / PARTS;
            for (int i = 0; i < PARTS / 2; i++) {
                world.memory.delete(removed.subList(i * part, (i + 1) * part));
                assertAreSo(world);
            }
            assertThat(world.faults()).as("half of the objects are gone").anyMatch(fault -> fault.kind() == Kind.HOLE);
        });
    }

    private static void assertAreSo(World world) throws IOException {
        List<Fault> holes = world.faults().stream()
                .filter(fault -> fault.kind() == Kind.HOLE)
                .toList();
        boolean isLost = holes.stream().anyMatch(hole -> hole.text().contains("nothing after this can be restored"));
        assertThat(isLost).as("%s", holes).isEqualTo(!world.restores(new RestoreTarget.Latest()));
        for (Fault hole : holes) {
            assertThat(hole.stake()).isEqualTo(Stake.LOST);
            List<Txid> ends = Stream.of(hole.where().split(" ", -1))
                    .filter(word -> word.length() == 16)
                    .map(Txid::parse)
                    .toList();
            for (Txid end : ends) {
                assertThat(world.restores(new RestoreTarget.AtTxid(end)))
                        .as("%s of %s", end, hole)
                        .isFalse();
            }
        }
    }
}

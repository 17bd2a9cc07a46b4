package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.Looks;
import dev.runnel.engine.SimulatedMachine.Copy;
import dev.runnel.engine.SimulatedMachine.Transition;
import dev.runnel.engine.reconcile.Decision.Action;
import dev.runnel.engine.reconcile.ReplicaState;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.Ages;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.SelectedImage;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.Restorer;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Two replicas of one database through anything that can happen to their ownership, in any order: replicas that are dead for
 * a while or lose objects, uploads that fail, power cuts, local files that are lost or set back, machines that are set back
 * or cloned and go on twice, and databases that are replaced by others. Whatever happens, a replica that counts as complete
 * restores to what the database holds, a replica is stopped only if another machine wrote to it, and what another history
 * ended with stays restorable.
 */
final class ReconciliationSimulationTest {
    private static final Looks LOOKS = Looks.SELDOM;
    private static final Fault DEAD = new Fault(Set.of(StoreOperation.values()), Moment.BEFORE, 1, Long.MAX_VALUE);
    private static final LtxPolicy POLICY = new LtxPolicy(
            Duration.ofDays(1),
            Optional.of(Duration.ofDays(1)),
            Optional.of(Duration.ofMinutes(5)),
            Duration.ofSeconds(15),
            List.of(Duration.ofSeconds(30), Duration.ofMinutes(5)),
            Ages.TIME_PASSED);

    /** Every run has the same lives; -Drunnel.seed and -Drunnel.rounds give others. */
    private static final long FIRST_LIFE = 20_261_130;

    private final Map<String, Integer> transitions = new TreeMap<>();

    @Test
    void i44i54ACompleteReplicaRestoresTheDatabaseWhateverHappened() throws Exception {
        long seed = Seeds.isGiven() ? Seeds.of("reconciliation") : FIRST_LIFE;
        int rounds = Seeds.rounds(60);
        for (int round = 0; round < rounds; round++) {
            new World(new Random(seed + round), seed + round).live();
        }
        transitions.forEach((transition, times) -> System.out.printf("%6d %s%n", times, transition));
        if (!Seeds.isGiven() && rounds >= 60) {
            for (String expected : List.of(
                    "Unseen -> Ours: Continue",
                    "Unseen -> Suspected: Watch",
                    "Unseen -> Unseen: Reopen",
                    "Ours -> Foreign: Stop",
                    "Suspected -> Diverged: SnapshotAbove",
                    "Suspected -> Ours: MarkAdoption",
                    "Suspected -> Foreign: Stop",
                    "Diverged -> Ours: Continue",
                    "Diverged -> Diverged: SnapshotAbove")) {
                assertThat(transitions).containsKey(expected);
            }
        }
    }

    /** One life of two replicas. */
    private final class World {
        private final Random random;
        private final long seed;
        private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
        private final Map<String, MemoryStore> memory = new LinkedHashMap<>();
        private final Map<String, FaultyStore> stores = new LinkedHashMap<>();
        private final Map<String, Supplier<Replica>> locations = new LinkedHashMap<>();
        private final Map<String, List<Former>> formers = new LinkedHashMap<>();
        private final Set<String> writtenByOthers = new TreeSet<>();
        private final Set<String> lostObjects = new TreeSet<>();
        private final SimulatedMachine machine;
        private final List<Copy> copies = new ArrayList<>();
        private final List<String> events = new ArrayList<>();

        private static <V> V of(Map<String, V> each, String name) {
            return Objects.requireNonNull(each.get(name));
        }

        /** What a replica restored to before another history continued there. */
        @SuppressWarnings("ArrayRecordComponent") // compared by its TXID
        private record Former(Txid txid, byte[] content) {}

        World(Random random, long seed) throws IOException {
            this.random = random;
            this.seed = seed;
            for (String name : List.of("first", "second")) {
                memory.put(name, new MemoryStore(clock));
                stores.put(name, new FaultyStore(of(memory, name)));
                locations.put(name, () -> replica(of(stores, name)));
                formers.put(name, new ArrayList<>());
            }
            machine = new SimulatedMachine(random, clock, LOOKS, locations, this::decided);
        }

        private Replica replica(dev.runnel.store.ObjectStore store) {
            BaselineEncoding encoding = new BaselineEncoding(ForkJoinPool.commonPool(), 2, () -> {
                throw new IOException("a small file needs no scratch");
            });
            return new LtxReplica(store, LtxKeys.s3(), encoding, POLICY, clock);
        }

        private void decided(String name, Transition transition) {
            ReplicaState before = transition.before();
            String what = before.getClass().getSimpleName() + " -> "
                    + transition.decision().state().getClass().getSimpleName() + ": "
                    + transition.decision().action().getClass().getSimpleName();
            transitions.merge(what, 1, Integer::sum);
            events.add(name + ": " + what + " at " + transition.decision().state());
            switch (transition.decision().action()) {
                case Action.MarkAdoption(Txid last) -> keep(name, last);
                case Action.SnapshotAbove above -> keep(name, above.last());
                case Action.Continue _, Action.Watch _, Action.Reopen _, Action.Stop _ -> {}
            }
        }

        /** What it ended with, unless a lost object took that with it. */
        private void keep(String name, Txid last) {
            if (!last.isNone()
                    && of(formers, name).stream()
                            .noneMatch(former -> former.txid().equals(last))) {
                try {
                    of(formers, name).add(new Former(last, restored(name, new RestoreTarget.AtTxid(last))));
                } catch (IOException e) {
                    if (!lostObjects.contains(name)) {
                        throw new AssertionError("TXID " + last + " at " + name, e);
                    }
                }
            }
        }

        void live() throws Exception {
            try {
                machine.start();
                for (int step = 0; step < 40; step++) {
                    happen();
                }
                settle();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e + "\n" + String.join("\n", events), e);
            }
        }

        private void happen() throws Exception {
            String name = random.nextBoolean() ? "first" : "second";
            int what = random.nextInt(24);
            events.add("-- " + what + " " + name);
            switch (what) {
                case 0 -> of(stores, name).inject(DEAD);
                case 1 -> of(stores, name).heal();
                case 2, 3 ->
                    of(stores, name)
                            .inject(new Fault(
                                    Set.of(StoreOperation.PUT),
                                    random.nextBoolean() ? Moment.BEFORE : Moment.AFTER,
                                    1,
                                    1 + random.nextInt(2)));
                case 4 -> restart(() -> {});
                case 5 -> restart(machine::loseLocalFiles);
                case 6 -> copies.add(machine.copy());
                case 7 -> restart(() -> setBack(machine::put));
                case 8 -> restart(() -> setBack(machine::putFiles));
                case 9 ->
                    restart(() -> {
                        machine.loseLocalFiles();
                        machine.newDatabase();
                    });
                case 10 -> cloneWrites();
                case 11 -> loseObject(name);
                case 12 -> machine.trim();
                case 13 -> machine.run(Duration.ofMinutes(1 + random.nextInt(90)));
                case 14 -> settle();
                case 15 -> knowsMore(name);
                default -> {
                    machine.commit();
                    machine.run(Duration.ofSeconds(random.nextInt(60)));
                }
            }
        }

        private interface Step {
            void run() throws Exception;
        }

        private interface Setting {
            void to(Copy copy) throws IOException;
        }

        private void restart(Step meanwhile) throws Exception {
            machine.crash(random.nextLong());
            meanwhile.run();
            if (random.nextBoolean()) {
                machine.write();
            }
            // Somebody has to respond where nothing is known.
            of(stores, random.nextBoolean() ? "first" : "second").heal();
            stores.values().forEach(store -> {
                if (random.nextBoolean()) {
                    store.heal();
                }
            });
            machine.start();
        }

        /** One replica gets what the other lacks, and is dead while the local files are lost. */
        private void knowsMore(String name) throws Exception {
            FaultyStore ahead = of(stores, name);
            FaultyStore behind = of(stores, name.equals("first") ? "second" : "first");
            ahead.heal();
            behind.inject(DEAD);
            machine.commit();
            machine.commit();
            machine.stop();
            machine.loseLocalFiles();
            behind.heal();
            ahead.inject(DEAD);
            machine.start();
            if (random.nextBoolean()) {
                machine.commit();
            }
            ahead.heal();
            machine.run(Duration.ofMinutes(2));
        }

        private void setBack(Setting setting) throws IOException {
            if (!copies.isEmpty()) {
                setting.to(copies.get(random.nextInt(copies.size())));
            }
        }

        /** A copy of the machine is started beside it, writes for a while, and is gone; the machine may be suspicious by then. */
        private void cloneWrites() throws Exception {
            SimulatedMachine twin = new SimulatedMachine(machine);
            stores.values().forEach(FaultyStore::heal);
            if (random.nextBoolean()) {
                restart(() -> {
                    machine.loseLocalFiles();
                    machine.newDatabase();
                });
                stores.values().forEach(FaultyStore::heal);
            }
            writtenByOthers.addAll(memory.keySet());
            twin.start();
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                twin.commit();
            }
            if (random.nextBoolean()) {
                freeKeys(twin);
            }
            twin.stop();
        }

        /** The twin makes a snapshot and enforces retention: of the single change sets only the newest stays. */
        private void freeKeys(SimulatedMachine twin) throws IOException {
            for (MemoryStore store : memory.values()) {
                Replica replica = replica(store);
                if (replica.position().whole().compareTo(twin.newest()) < 0) {
                    continue;
                }
                try (SelectedImage image = twin.image("twin", Txid.NONE)) {
                    replica.baseline(image);
                }
                try (Stream<ObjectInfo> listing = store.list("0000/", Optional.empty())) {
                    List<String> keys = listing.map(ObjectInfo::key)
                            .filter(key -> key.endsWith(".ltx"))
                            .sorted()
                            .toList();
                    String next = "0000/" + machine.newest().next();
                    store.delete(keys.subList(0, Math.max(0, keys.size() - 1)).stream()
                            .filter(key -> key.compareTo(next) >= 0)
                            .toList());
                }
            }
        }

        private void loseObject(String name) throws IOException {
            try (Stream<ObjectInfo> listing = of(memory, name).list("000", Optional.empty())) {
                List<ObjectInfo> newest = listing.filter(object -> object.key().startsWith("0000/"))
                        .sorted((a, b) -> b.key().compareTo(a.key()))
                        .limit(2)
                        .toList();
                boolean isFormer = newest.stream()
                        .anyMatch(object -> of(formers, name).stream()
                                .anyMatch(former ->
                                        object.key().contains(former.txid().toString())));
                if (!newest.isEmpty() && !isFormer) {
                    of(memory, name).delete(List.of(newest.getLast().key()));
                    lostObjects.add(name);
                }
            }
        }

        /** All is well for an hour. */
        private void settle() throws Exception {
            stores.values().forEach(FaultyStore::heal);
            machine.commit();
            machine.run(Duration.ofMinutes(70));
            for (String name : memory.keySet()) {
                ReplicaActor actor = machine.actor(name);
                if (actor.health() instanceof Health.Stopped) {
                    assertThat(writtenByOthers)
                            .as("%s: %s", name, actor.health())
                            .contains(name);
                    continue;
                }
                assertThat(actor.health()).as(name).isEqualTo(new Health.Healthy());
                assertThat(actor.shipped()).as(name).isEqualTo(machine.newest());
                assertThat(restored(name, new RestoreTarget.Latest())).as(name).isEqualTo(machine.content());
                lostObjects.remove(name);
            }
            for (Map.Entry<String, List<Former>> each : formers.entrySet()) {
                for (Former former : each.getValue()) {
                    assertThat(restored(each.getKey(), new RestoreTarget.AtTxid(former.txid())))
                            .as("TXID %s at %s", former.txid(), each.getKey())
                            .isEqualTo(former.content());
                }
            }
            replaceStopped();
        }

        /** The operator gives a stopped replica another location. */
        private void replaceStopped() throws Exception {
            boolean isAny = false;
            for (String name : List.copyOf(memory.keySet())) {
                if (machine.actor(name).health() instanceof Health.Stopped) {
                    isAny = true;
                    memory.put(name, new MemoryStore(clock));
                    stores.put(name, new FaultyStore(of(memory, name)));
                    of(formers, name).clear();
                }
            }
            writtenByOthers.clear();
            if (isAny) {
                machine.stop();
                copies.clear();
                machine.start();
            }
        }

        private byte[] restored(String name, RestoreTarget target) throws IOException {
            CrashDisk disk = new CrashDisk(clock);
            Path output = Path.of("/restored.db");
            new Restorer(disk, clock, Entropy.system(), Executors::newFixedThreadPool)
                    .restore(replica(of(memory, name)), target, output, RestoreOptions.DEFAULT);
            ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
            try (DiskFile file = disk.openToRead(output)) {
                file.read(bytes, 0);
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }
}

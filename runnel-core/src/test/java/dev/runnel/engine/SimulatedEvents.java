package dev.runnel.engine;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Replica;
import dev.runnel.replica.SelectedImage;
import dev.runnel.store.ObjectInfo;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** What can happen to a simulated world. */
final class SimulatedEvents {
    private static final Fault DEAD = new Fault(Set.of(StoreOperation.values()), Moment.BEFORE, 1, Long.MAX_VALUE);
    private static final int KINDS = 40;

    private static final List<Duration> CLOCK_ERRORS = List.of(
            Duration.ZERO,
            Duration.ofSeconds(90),
            Duration.ofHours(2),
            Duration.ofHours(-2),
            Duration.ofDays(3),
            Duration.ofDays(-3),
            Duration.ofDays(3650),
            Duration.ofDays(-3650));

    private final Random random;
    private final SimulatedWorld world;
    private final boolean setsClock;

    /** @param setsClock whether the wall clock is set now and then */
    SimulatedEvents(Random random, SimulatedWorld world, boolean setsClock) {
        this.random = random;
        this.world = world;
        this.setsClock = setsClock;
    }

    private interface Step {
        void run() throws Exception;
    }

    private interface Setting {
        void to(MachineCopy copy) throws IOException;
    }

    /** Something happens. */
    void happen() throws Exception {
        String name = random.nextBoolean() ? "first" : "second";
        SimulatedLocation location = world.location(name);
        SimulatedMachine machine = world.machine();
        int what = random.nextInt(KINDS);
        world.tell("-- " + what + " " + name + " at " + world.clock().reality() + ", TXID " + machine.newest());
        switch (what) {
            case 0 -> location.faults().inject(DEAD);
            case 1 -> location.heal();
            case 2, 3 -> fail(location, StoreOperation.PUT);
            case 4 -> restart(() -> {});
            case 5 -> restart(machine::loseLocalFiles);
            case 6 -> world.copies().add(machine.copy());
            case 7 -> restart(() -> setBack(machine::put));
            case 8 -> restart(() -> setBack(machine::putFiles));
            case 9 -> restart(this::replaceDatabase);
            case 10 -> cloneWrites();
            case 11 -> loseNewest(location);
            case 12 -> machine.trim();
            case 13 -> machine.run(Duration.ofMinutes(1 + random.nextInt(90)));
            case 14 -> world.settle();
            case 15 -> knowsMore(name);
            case 16, 17 -> days();
            case 18 -> setClock();
            case 19 -> fail(location, StoreOperation.DELETE);
            case 20 ->
                fail(
                        location,
                        List.of(StoreOperation.LIST, StoreOperation.OPEN, StoreOperation.STAT)
                                .get(random.nextInt(3)));
            case 21 -> lie(location);
            case 22 -> damage(location);
            case 23 -> restart(() -> rot(location));
            case 24 -> location.copied();
            case 25 -> location.confirm();
            case 26 -> slow(location);
            case 27 -> loseAny(location);
            case 28 -> loseAll(location, "");
            case 29 -> loseAll(location, ".runnel2");
            case 30 -> rotLocally(name);
            default -> {
                machine.commit();
                machine.run(Duration.ofSeconds(random.nextInt(60)));
            }
        }
        world.check();
    }

    private void fail(SimulatedLocation location, StoreOperation operation) {
        Moment[] moments = Moment.values();
        location.faults()
                .inject(new Fault(
                        Set.of(operation), moments[random.nextInt(moments.length)], 1, 1 + random.nextInt(3)));
    }

    private void restart(Step meanwhile) throws Exception {
        SimulatedMachine machine = world.machine();
        if (random.nextBoolean()) {
            machine.crash(random.nextLong());
        } else {
            machine.stop();
        }
        meanwhile.run();
        if (random.nextBoolean()) {
            machine.write();
        }
        if (random.nextInt(8) == 0) {
            world.clock().advance(Duration.ofHours(random.nextInt(24 * 40)));
        }
        if (random.nextInt(8) == 0) {
            setClock();
        }
        // Somebody has to respond where nothing is known.
        world.location(random.nextBoolean() ? "first" : "second").heal();
        for (SimulatedLocation location : world.all()) {
            if (random.nextBoolean()) {
                location.heal();
            }
        }
        machine.start();
    }

    private void replaceDatabase() throws IOException {
        world.machine().loseLocalFiles();
        world.machine().newDatabase();
    }

    private void setBack(Setting setting) throws IOException {
        List<MachineCopy> copies = world.copies();
        if (!copies.isEmpty()) {
            MachineCopy copy = copies.get(random.nextInt(copies.size()));
            if (copy.lineage() != world.machine().lineage()) {
                // It looks like another database, whose files are all there.
                world.all().forEach(SimulatedLocation::allowStop);
            }
            setting.to(copy);
        }
    }

    /** One replica gets what the other lacks, and is dead while the local files are lost. */
    private void knowsMore(String name) throws Exception {
        SimulatedMachine machine = world.machine();
        SimulatedLocation ahead = world.location(name);
        SimulatedLocation behind = world.location(name.equals("first") ? "second" : "first");
        ahead.heal();
        behind.faults().inject(DEAD);
        machine.commit();
        machine.commit();
        machine.stop();
        machine.loseLocalFiles();
        behind.heal();
        ahead.faults().inject(DEAD);
        machine.start();
        if (random.nextBoolean()) {
            machine.commit();
        }
        ahead.heal();
        machine.run(Duration.ofMinutes(2));
    }

    /** Days pass, in which something is written now and then. */
    private void days() throws Exception {
        int most = random.nextInt(30) == 0 ? 24 * 35 : 30;
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            world.machine().run(Duration.ofHours(1 + random.nextInt(most)));
            if (random.nextInt(4) > 0) {
                world.machine().commit();
            }
        }
    }

    private void setClock() {
        if (setsClock) {
            Duration error = CLOCK_ERRORS.get(random.nextInt(CLOCK_ERRORS.size()));
            world.tell("the clock is wrong by " + error);
            world.setClock(error);
        }
    }

    /**
     * Listings are cut short or stale. A process that has just started could not tell that from loss, so none starts. What
     * appears again may be taken for another writer's.
     */
    private void lie(SimulatedLocation location) throws Exception {
        location.allowStop();
        List<List<ObjectInfo>> stale = new ArrayList<>();
        boolean isCut = random.nextBoolean();
        location.faults().listings(listed -> {
            if (isCut) {
                return listed.subList(0, random.nextInt(listed.size() + 1));
            }
            stale.add(listed);
            return stale.get(random.nextInt(stale.size()));
        });
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            world.machine().commit();
            world.machine().run(Duration.ofMinutes(random.nextInt(100)));
        }
        location.heal();
        location.harmed();
    }

    /** An object gets another size while it is used. */
    private void damage(SimulatedLocation location) throws IOException {
        List<ObjectInfo> objects = history(location);
        if (!objects.isEmpty()) {
            ObjectInfo object = objects.get(random.nextInt(objects.size()));
            byte[] content = location.store().content(object.key());
            world.tell("cut: " + object.key());
            location.store().damage(object.key(), Arrays.copyOf(content, random.nextInt(content.length + 100)));
            location.harmed(object.key());
        }
    }

    /** A byte of an object changes, and nothing shows it. */
    private void rot(SimulatedLocation location) throws IOException {
        List<ObjectInfo> objects = history(location);
        if (!objects.isEmpty()) {
            ObjectInfo object = objects.get(random.nextInt(objects.size()));
            byte[] content = location.store().content(object.key());
            content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
            world.tell("changed: " + object.key());
            location.store().damage(object.key(), content);
            location.harmed(object.key());
        }
    }

    /** A change set changes on the disk of the machine before a replica has it. */
    private void rotLocally(String name) throws Exception {
        SimulatedLocation location = world.location(name);
        location.faults().inject(DEAD);
        world.machine().commit();
        world.machine().commit();
        world.machine().rot(name);
        location.heal();
    }

    /** Requests take long. */
    private void slow(SimulatedLocation location) throws Exception {
        var _ = location.store().delay(Duration.ofSeconds(1L + random.nextInt(300)));
        world.machine().commit();
        world.machine().run(Duration.ofMinutes(random.nextInt(20)));
        location.heal();
    }

    /** A copy of the machine is started beside it, writes for a while, and is gone; the machine may be suspicious by then. */
    private void cloneWrites() throws Exception {
        SimulatedMachine machine = world.machine();
        SimulatedMachine twin = new SimulatedMachine(machine);
        world.healAll();
        if (random.nextBoolean()) {
            restart(this::replaceDatabase);
            world.healAll();
        }
        world.all().forEach(location -> location.writtenByOthers());
        world.writing(twin);
        try {
            twin.start();
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                twin.commit();
                if (random.nextInt(4) == 0) {
                    world.writing(machine);
                    machine.commit();
                    world.writing(twin);
                }
            }
            if (random.nextBoolean()) {
                freeKeys(twin);
            }
            twin.stop();
        } finally {
            world.writing(machine);
        }
    }

    /** The twin makes a snapshot and enforces retention: of the single change sets only the newest stays. */
    private void freeKeys(SimulatedMachine twin) throws IOException {
        for (SimulatedLocation location : world.all()) {
            Replica replica = location.openWell();
            if (replica.position().whole().compareTo(twin.newest()) < 0) {
                continue;
            }
            try (SelectedImage image = twin.image("twin", Txid.NONE)) {
                replica.baseline(image);
            }
            List<ObjectInfo> changes = changeSets(location);
            changes.stream()
                    .limit(Math.max(0, changes.size() - 1))
                    .filter(object -> last(object).isAfter(world.machine().newest()))
                    .forEach(object -> location.store().lose(object.key()));
            location.harmed();
        }
    }

    private void loseNewest(SimulatedLocation location) {
        List<ObjectInfo> newest =
                changeSets(location).reversed().stream().limit(2).toList();
        if (!newest.isEmpty() && newest.stream().noneMatch(object -> location.isOfFormer(object.key()))) {
            lose(location, newest.getLast());
        }
    }

    private void loseAny(SimulatedLocation location) {
        List<ObjectInfo> objects = history(location);
        if (!objects.isEmpty()) {
            lose(location, objects.get(random.nextInt(objects.size())));
        }
    }

    /** Somebody empties the location, or tidies up files of no known kind. */
    private void loseAll(SimulatedLocation location, String suffix) {
        location.store().all().stream()
                .map(ObjectInfo::key)
                .filter(key -> key.endsWith(suffix))
                .forEach(location.store()::lose);
        location.harmed();
    }

    private void lose(SimulatedLocation location, ObjectInfo object) {
        world.tell("lost: " + object.key());
        location.store().lose(object.key());
        location.harmed(object.key());
    }

    private static List<ObjectInfo> history(SimulatedLocation location) {
        return location.store().all().stream()
                .filter(object -> SimulatedLayout.parse(object.key()).isPresent())
                .toList();
    }

    /** Single change sets by their TXIDs. */
    private static List<ObjectInfo> changeSets(SimulatedLocation location) {
        return history(location).stream()
                .filter(object ->
                        SimulatedLayout.parse(object.key()).orElseThrow().isChangeSet())
                .sorted(Comparator.comparing(SimulatedEvents::last))
                .toList();
    }

    private static Txid last(ObjectInfo object) {
        return SimulatedLayout.parse(object.key()).orElseThrow().last();
    }
}

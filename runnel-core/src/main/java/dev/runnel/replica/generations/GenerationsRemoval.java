package dev.runnel.replica.generations;

import dev.runnel.platform.Clock;
import dev.runnel.replica.Ages;
import dev.runnel.replica.TrustedTime;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes what no promised point needs. Only a listing that was complete, and has not been used for this before, can say
 * what that is; one that lacks an object that was there before says that something is wrong, and nothing is removed.
 */
final class GenerationsRemoval {
    private final GenerationFiles files;
    private final GenerationKeys keys;
    private final GenerationsPolicy policy;
    private final GenerationsInventory inventory;
    private final GenerationsInspector inspector;
    private final Clock clock;
    private final TrustedTime time;
    private Optional<Listing> listing = Optional.empty();
    private long dueAt;

    /** @param current the generation that history goes on in */
    private record Listing(List<Generation> generations, String current) {}

    GenerationsRemoval(
            GenerationFiles files,
            GenerationKeys keys,
            GenerationsPolicy policy,
            GenerationsInventory inventory,
            Clock clock) {
        this.files = files;
        this.keys = keys;
        this.policy = policy;
        this.inventory = inventory;
        this.inspector = new GenerationsInspector(files);
        this.clock = clock;
        this.time = new TrustedTime(clock, policy.retention().orElse(Duration.ZERO));
        this.dueAt = clock.ticks();
    }

    /** There was a listing. It is held only if it is needed, for there may be many names in it. */
    synchronized void looked(List<Generation> generations, String current, boolean isComplete) {
        time.startAt(generations.stream()
                .flatMap(Generation::objects)
                .map(GenerationObject::time)
                .toList());
        boolean isNeeded = isComplete && policy.retention().isPresent() && clock.ticks() >= dueAt;
        listing = isNeeded ? Optional.of(new Listing(generations, current)) : Optional.empty();
    }

    /** Removes what can be removed, if there was a complete listing since the last time. */
    void run() throws IOException {
        Optional<SuperfluousObjects> superfluous = find();
        if (superfluous.isPresent() && isSound(superfluous.get().floor())) {
            remove(superfluous.get());
        }
    }

    private synchronized Optional<SuperfluousObjects> find() {
        boolean byClock = policy.ages() == Ages.WALL_CLOCK;
        Optional<Instant> now = byClock ? Optional.of(clock.now()) : time.now();
        Optional<Listing> seen = listing;
        listing = Optional.empty();
        if (seen.isEmpty() || now.isEmpty() || policy.retention().isEmpty()) {
            return Optional.empty();
        }
        dueAt = clock.ticks() + policy.removalInterval().toNanos();
        Duration retention = policy.retention().get();
        return SuperfluousObjects.of(
                seen.get().generations(),
                seen.get().current(),
                now.get().minus(retention),
                new SuperfluousObjects.Knowledge(
                        inventory::isUsable,
                        snapshot -> byClock || inventory.knownFor(snapshot) >= retention.toNanos()));
    }

    /** Everything that stays relies on it, so it is read once, unless this process has written it. */
    private boolean isSound(Snapshot floor) throws IOException {
        if (inventory.isSound(floor)) {
            return true;
        }
        boolean isSound = inspector.databaseChecksum(floor.key()).isPresent();
        if (isSound) {
            inventory.sound(floor);
        } else {
            inventory.unsound(floor);
        }
        return isSound;
    }

    private void remove(SuperfluousObjects superfluous) throws IOException {
        List<String> going = new ArrayList<>();
        superfluous.objects().forEach(object -> going.add(object.key()));
        superfluous.generations().forEach(generation -> generation.keys(keys).forEach(going::add));
        if (!going.isEmpty()) {
            int index = superfluous.floor().index();
            inventory.removedBelow(index, index - 1);
            files.store().delete(going);
        }
    }
}

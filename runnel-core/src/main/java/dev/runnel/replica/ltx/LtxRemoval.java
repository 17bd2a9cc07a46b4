package dev.runnel.replica.ltx;

import dev.runnel.platform.Clock;
import dev.runnel.replica.Ages;
import dev.runnel.replica.OldHistory;
import dev.runnel.replica.TrustedTime;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Removes what no promised point needs. Only a listing that was complete, and has not been used for this before, can say
 * what that is; one that lacks a file that was there before says that something is wrong, and nothing is removed.
 */
final class LtxRemoval {
    private final ObjectStore store;
    private final LtxPolicy policy;
    private final LtxInventory inventory;
    private final Soundness soundness;
    private final OldHistory beside;
    private final TrustedTime time;
    private final Clock clock;
    private long ranAt;

    LtxRemoval(
            ObjectStore store,
            LtxPolicy policy,
            Clock clock,
            LtxInventory inventory,
            Soundness soundness,
            OldHistory beside) {
        this.store = store;
        this.policy = policy;
        this.clock = clock;
        this.ranAt = clock.ticks() - policy.removalInterval().toNanos();
        this.inventory = inventory;
        this.soundness = soundness;
        this.beside = beside;
        this.time = new TrustedTime(clock, policy.retention().orElse(Duration.ZERO));
    }

    /** There was a listing. */
    void looked() {
        time.startAt(inventory.usable().stream().map(LtxObject::time).toList());
    }

    /** Removes what can be removed, if there was a complete listing since the last time. */
    void run() throws IOException {
        boolean byClock = policy.ages() == Ages.WALL_CLOCK;
        Optional<Instant> now = byClock ? Optional.of(clock.now()) : time.now();
        boolean isDue = clock.ticks() - ranAt >= policy.removalInterval().toNanos();
        if (!isDue || !inventory.takeCompleteListing() || policy.retention().isEmpty() || now.isEmpty()) {
            return;
        }
        ranAt = clock.ticks();
        Duration retention = policy.retention().get();
        Superfluous.Ages ages = new Superfluous.Ages(
                now.get().minus(retention),
                file -> byClock || inventory.knownFor(file) >= retention.toNanos(),
                this::isOldChangeSet);
        Superfluous superfluous = Superfluous.of(inventory.all(), inventory.usable(), ages);
        if (!superfluous.files().isEmpty() && areSound(superfluous)) {
            store.delete(superfluous.files().stream().map(LtxObject::key).toList());
            inventory.removed(superfluous.files());
        }
        Optional<LtxObject> floor = Superfluous.floor(inventory.usable(), ages);
        if (floor.isPresent() && soundness.check(floor.get(), Soundness.SMALL_FILE)) {
            beside.removeBefore(floor.get().time());
        }
    }

    private boolean isOldChangeSet(LtxObject file) {
        return policy.changeSetRetention()
                .map(kept -> inventory.knownFor(file) >= kept.toNanos())
                .orElse(false);
    }

    private boolean areSound(Superfluous superfluous) throws IOException {
        for (LtxObject file : superfluous.reliesOn()) {
            if (!soundness.check(file, Soundness.SMALL_FILE)) {
                return false;
            }
        }
        return true;
    }
}

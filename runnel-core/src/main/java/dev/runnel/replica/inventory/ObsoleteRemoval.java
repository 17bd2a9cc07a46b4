package dev.runnel.replica.inventory;

import dev.runnel.platform.Clock;
import dev.runnel.replica.Ages;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.TrustedTime;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Removes what no promised restore point needs. Only a listing that was complete, and has not been used for this before,
 * can say what that is; one that lacks an object that was there before says that something is wrong, and nothing is
 * removed. What takes the place of a removed object was written by this process, or is read completely before, once.
 */
public final class ObsoleteRemoval {
    private final ObjectStore store;
    private final RetentionPolicy policy;
    private final Inventory inventory;
    private final ContentChecks checks;
    private final TrustedTime time;
    private final Clock clock;
    private long ranAt;

    public ObsoleteRemoval(
            ObjectStore store, RetentionPolicy policy, Clock clock, Inventory inventory, ContentChecks checks) {
        this.store = store;
        this.policy = policy;
        this.clock = clock;
        this.ranAt = clock.ticks() - policy.interval().toNanos();
        this.inventory = inventory;
        this.checks = checks;
        this.time = new TrustedTime(clock, policy.retention().orElse(Duration.ZERO));
    }

    /** There was a listing. */
    public void listed() {
        time.startAt(inventory.usable().stream().map(HistoryObject::time).toList());
    }

    /**
     * Removes what can be removed, if there was a complete listing since the last time.
     *
     * @throws ReplicaException.Damaged if what should take the place of obsolete objects is damaged; these stay
     */
    public void run() throws IOException {
        boolean byClock = policy.ages() == Ages.WALL_CLOCK;
        Optional<Instant> now = byClock ? Optional.of(clock.now()) : time.now();
        boolean isDue = clock.ticks() - ranAt >= policy.interval().toNanos();
        if (!isDue || !inventory.takeCompleteListing() || policy.retention().isEmpty() || now.isEmpty()) {
            return;
        }
        ranAt = clock.ticks();
        Duration retention = policy.retention().get();
        Obsolete.Ages ages = new Obsolete.Ages(
                now.get().minus(retention),
                object -> byClock || inventory.knownFor(object) >= retention.toNanos(),
                this::isOldChangeSet);
        KeptObjects kept = KeptObjects.of(inventory.usable(), inventory.takeovers(), now.get());
        Obsolete obsolete = Obsolete.of(
                inventory.all(),
                inventory.usable(),
                object -> inventory.content(object).isRemovable() && !kept.contains(object),
                ages);
        if (!obsolete.objects().isEmpty()) {
            checkReplacements(obsolete);
            store.delete(obsolete.objects().stream().map(HistoryObject::key).toList());
            inventory.removed(obsolete.objects());
        }
    }

    private boolean isOldChangeSet(HistoryObject object) {
        return policy.changeSetRetention()
                .map(kept -> inventory.knownFor(object) >= kept.toNanos())
                .orElse(false);
    }

    private void checkReplacements(Obsolete obsolete) throws IOException {
        for (HistoryObject object : obsolete.replacements()) {
            if (!checks.isProven(object)) {
                throw damaged(object);
            }
        }
    }

    private ReplicaException.Damaged damaged(HistoryObject object) {
        return new ReplicaException.Damaged(
                object.key(),
                store.location() + "/" + object.key()
                        + " was read before older objects were to be removed, and is damaged",
                "Runnel does not use it any more and keeps the older objects that it should have replaced. No action needed.",
                null);
    }
}

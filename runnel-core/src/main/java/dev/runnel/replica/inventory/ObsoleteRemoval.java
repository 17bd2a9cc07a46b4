package dev.runnel.replica.inventory;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.TxidAges;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Removes what no promised restore point needs. Only a listing that was complete, and has not been used for this
 * before, can show which objects these are; one that lacks a known object shows that something is wrong, and nothing is
 * removed. What replaces a removed object was written by this process, or is read completely before, once.
 */
public final class ObsoleteRemoval {
    private final ObjectStore store;
    private final RetentionPolicy policy;
    private final Inventory inventory;
    private final ContentChecks checks;
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
    }

    /**
     * Removes what can be removed, if there was a complete listing since the last time.
     *
     * @param passed for how long TXIDs have existed
     * @return whether it was decided what can be removed
     * @throws ReplicaException.Damaged if what should replace obsolete objects is damaged; these stay
     */
    public boolean run(TxidAges passed) throws IOException {
        boolean isDue = clock.ticks() - ranAt >= policy.interval().toNanos();
        if (!isDue || !inventory.takeCompleteListing() || policy.retention().isEmpty()) {
            return false;
        }
        List<HistoryObject> usable = inventory.usable();
        HistoryChronology chronology = HistoryChronology.of(usable);
        Obsolete.AgeSource ages = ages(policy.retention().get(), chronology, passed);
        KeptObjects kept = KeptObjects.of(usable, inventory.takeovers(), takeover -> switch (policy.ages()) {
            case TIME_PASSED -> takeover.isInForce(passed, clock.now());
            case WALL_CLOCK -> takeover.isInForce(clock.now());
        });
        Obsolete obsolete = Obsolete.of(
                inventory.all(),
                usable,
                object -> inventory.content(object).isRemovable() && !kept.contains(object),
                ages);
        if (!obsolete.objects().isEmpty() && areProven(obsolete.replacements())) {
            store.delete(obsolete.objects().stream().map(HistoryObject::key).toList());
            inventory.removed(obsolete.objects());
        }
        // A run that failed is tried again when its caller says so: the interval is for those that did what there was
        // to do.
        ranAt = clock.ticks();
        return true;
    }

    private Obsolete.AgeSource ages(Duration retention, HistoryChronology chronology, TxidAges passed) {
        passed.startWith(chronology::times, retention);
        Txid expired = passed.olderThan(retention);
        Txid oldChangeSet = policy.changeSetRetention().map(passed::olderThan).orElse(Txid.NONE);
        Instant notAfter = clock.now().minus(retention);
        return new Obsolete.AgeSource(
                switch (policy.ages()) {
                    case TIME_PASSED -> object -> !object.max().isAfter(expired);
                    case WALL_CLOCK ->
                        object -> !chronology.confirmed(object).time().isAfter(notAfter);
                },
                object -> !object.max().isAfter(oldChangeSet));
    }

    /** False if one of them cannot be read here: it is not damaged, and the next listing is used without it. */
    private boolean areProven(Collection<HistoryObject> replacements) throws IOException {
        for (HistoryObject object : replacements) {
            if (!checks.isProven(object)) {
                if (inventory.content(object) == ContentState.UNRECOGNISED) {
                    return false;
                }
                throw damaged(object);
            }
        }
        return true;
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

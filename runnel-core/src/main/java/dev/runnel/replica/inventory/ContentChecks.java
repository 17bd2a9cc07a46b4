package dev.runnel.replica.inventory;

import dev.runnel.replica.ReplicaException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * Reads objects where what is known of them is not enough, each once: what came out is kept in the inventory. Nothing is
 * read that this process wrote.
 */
public final class ContentChecks {
    /** An object up to this size is read whole: that costs no more than its header and its end. */
    public static final long SMALL = 64 * 1024;

    /** Postponed objects that are read one after the other before other maintenance has its turn. */
    private static final int READ_AT_ONCE = 256;

    private final Inventory inventory;
    private final ContentReader reader;
    private final Deque<HistoryObject> postponed = new ArrayDeque<>();

    public ContentChecks(Inventory inventory, ContentReader reader) {
        this.inventory = inventory;
        this.reader = reader;
    }

    /**
     * Whether an object may be used to restore: it was written or read, or its header and its end are as they must be.
     *
     * @param wholeUpTo an object of at most so many bytes is read whole
     */
    public boolean isUsable(HistoryObject object, long wholeUpTo) throws IOException {
        if (inventory.content(object) == ContentState.NOT_READ) {
            boolean whole = object.size() <= Math.max(SMALL, wholeUpTo);
            inventory.read(object, whole ? reader.readWhole(object) : reader.readEnds(object));
        }
        return inventory.content(object).isUsable();
    }

    /** Whether another object may be removed because this one takes its place: this process wrote it or read all of it. */
    public boolean isProven(HistoryObject object) throws IOException {
        switch (inventory.content(object)) {
            case NOT_READ, ENDS_READ, RECORDED -> inventory.read(object, reader.readWhole(object));
            case WRITTEN, READ, DAMAGED, UNRECOGNISED, FOREIGN -> {}
        }
        return inventory.content(object).isProven();
    }

    /** Leaves objects that the newest state needs to {@link #run}; those left before are forgotten. */
    synchronized void postpone(Collection<HistoryObject> objects) {
        postponed.clear();
        postponed.addAll(objects);
    }

    /** Whether objects that the newest state needs have not been read yet. */
    public synchronized boolean hasPostponed() {
        return !postponed.isEmpty();
    }

    /**
     * Reads some of the objects that were postponed.
     *
     * @return true
     * @throws ReplicaException.Damaged if one of them cannot be used, or if a listing has shown one that was cut short: the
     *     next listing shows what is missing without it
     */
    public boolean run() throws IOException {
        List<HistoryObject> damaged = inventory.takeNewlyDamaged();
        if (!damaged.isEmpty()) {
            HistoryObject first = damaged.getFirst();
            throw new ReplicaException.Damaged(
                    first.key(),
                    first.key() + (damaged.size() > 1 ? " and " + (damaged.size() - 1) + " other objects have" : " has")
                            + " a different size at the replica than when it was written or last listed. States that nothing"
                            + " else there holds cannot be restored",
                    "What the newest state needs is uploaded again. For an earlier state, restore from another replica.",
                    null);
        }
        for (int i = 0; i < READ_AT_ONCE && hasPostponed(); i++) {
            HistoryObject object = next();
            if (!isUsable(object, SMALL)) {
                boolean isReadable = inventory.content(object) != ContentState.UNRECOGNISED;
                throw new ReplicaException.Damaged(
                        object.key(),
                        object.key() + (isReadable ? " is damaged at the replica" : " cannot be read here")
                                + ", and the newest state needs it",
                        "What it held is uploaded again. No action needed.",
                        null);
            }
        }
        return true;
    }

    private synchronized HistoryObject next() {
        return postponed.removeFirst();
    }
}

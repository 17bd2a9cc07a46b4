package dev.runnel.replica.inventory;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Takeover;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the objects of one history: those of the newest listing and those written since, the size each had when
 * it was written or first seen, the time that listings show, and what is known of its content. A listing is compared with it,
 * so that an object that was lost, cut short or stored again since is detected from the listing alone. An object that keeps
 * size and time is taken to be what it was. May be used from several threads.
 */
public final class Inventory {
    private final HistoryObject.Keys keys;
    private final long smallest;

    /** Each entry is its own key: there may be hundreds of thousands. */
    private final Map<Name, Entry> entries = new HashMap<>();

    private final Map<Integer, HistoryObject> newest = new HashMap<>();
    private final List<HistoryObject> newlyDamaged = new ArrayList<>();
    private List<Takeover> takeovers = List.of();
    private boolean completeListing;
    private long changes;

    /** What tells one object from another. The key follows from it, so that keys need not be held. */
    private static class Name {
        final byte level;
        final long min;
        final long max;

        Name(HistoryObject object) {
            this.level = (byte) object.level();
            this.min = object.min().value();
            this.max = object.max().value();
        }

        Name(Name other) {
            this.level = other.level;
            this.min = other.min;
            this.max = other.max;
        }

        @Override
        public final boolean equals(@Nullable Object other) {
            return other instanceof Name it && level == it.level && min == it.min && max == it.max;
        }

        @Override
        public final int hashCode() {
            return 31 * (31 * level + Long.hashCode(min)) + Long.hashCode(max);
        }
    }

    /** What is known of an object. Never changed, only replaced. */
    private static final class Entry extends Name {
        private final long size;
        private final Instant time;
        private final ContentState content;

        /** Whether its content has confirmed the TXIDs of its name. */
        private final boolean isNamedRight;

        private final @Nullable Proof proof;

        /**
         * The time in the newest listing, which is not that of the content where a store lists times of uploads; null if it
         * was not listed since it was written.
         */
        private final @Nullable Instant listed;

        /** Which change of what is known it came with. */
        private final long change;

        Entry(Name name, State state, ContentState content, boolean isNamedRight, @Nullable Proof proof) {
            super(name);
            this.size = state.size;
            this.time = state.time;
            this.listed = state.time.equals(state.listed) ? state.time : state.listed;
            this.change = state.change;
            this.content = content;
            this.isNamedRight = isNamedRight;
            this.proof = proof;
        }

        /** What a listing or a write says of an object. */
        private record State(
                long size, Instant time, @Nullable Instant listed, long change) {}

        static Entry written(HistoryObject object, @Nullable Proof proof, long change) {
            State state = new State(object.size(), object.time(), null, change);
            return new Entry(new Name(object), state, ContentState.WRITTEN, true, proof);
        }

        static Entry seen(HistoryObject object, long change) {
            State state = new State(object.size(), object.time(), null, change);
            return new Entry(new Name(object), state, ContentState.NOT_READ, false, null);
        }

        Entry with(ContentState found, boolean namedRight, @Nullable Proof proven) {
            return new Entry(this, new State(size, time, listed, change), found, namedRight, proven);
        }

        /** The object in a listing, about whose content nothing is known any more, or only that it is damaged. */
        Entry changed(HistoryObject now, ContentState found, long at) {
            return new Entry(this, new State(now.size(), now.time(), now.time(), at), found, isNamedRight, null);
        }

        Entry listedAt(Instant now) {
            return new Entry(this, new State(size, time, now, change), content, isNamedRight, proof);
        }

        boolean isListedAtAnotherTime(Instant now) {
            return listed != null && !listed.equals(now);
        }
    }

    /** @param smallest an object with fewer bytes has not even room for what each object of the layout has */
    public Inventory(HistoryObject.Keys keys, long smallest) {
        this.keys = keys;
        this.smallest = smallest;
    }

    /** A mark to be taken before a listing is made. */
    public synchronized long mark() {
        return changes;
    }

    /**
     * Takes in a listing, and returns its objects that may be used. What is not listed is forgotten, except for what was
     * written since the mark.
     */
    public synchronized List<HistoryObject> usable(List<HistoryObject> listed, long mark) {
        List<HistoryObject> sorted = new ArrayList<>(listed);
        sorted.sort(HistoryObject.BY_NAME);
        boolean nothingMissing = !entries.values()
                .removeIf(entry -> entry.change <= mark
                        && Collections.binarySearch(sorted, object(entry), HistoryObject.BY_NAME) < 0);
        List<HistoryObject> usable = listed.stream().filter(this::isAsItWas).toList();
        newest.clear();
        usableObjects().forEach(this::count);
        completeListing = nothingMissing;
        return usable;
    }

    /** Whether there was a listing since this was last asked, and it had every object that was known before. */
    public synchronized boolean takeCompleteListing() {
        boolean was = completeListing;
        completeListing = false;
        return was;
    }

    /** Something is recorded now that the newest listing does not show: nothing is removed because of that listing. */
    public synchronized void outdateListing() {
        completeListing = false;
    }

    /** The objects that were found to have another size than before, since this was last asked. */
    public synchronized List<HistoryObject> takeNewlyDamaged() {
        List<HistoryObject> damaged = List.copyOf(newlyDamaged);
        newlyDamaged.clear();
        return damaged;
    }

    /** What was recorded at the replica, as of the newest listing. */
    public synchronized List<Takeover> takeovers() {
        return takeovers;
    }

    public synchronized void takeovers(List<Takeover> listed) {
        takeovers = List.copyOf(listed);
    }

    /** All objects that are known now. */
    public synchronized List<HistoryObject> all() {
        return entries.values().stream().map(this::object).sorted().toList();
    }

    /** Those of them that nothing speaks against. */
    public synchronized List<HistoryObject> usable() {
        return usableObjects().sorted().toList();
    }

    /** The usable objects of a level that end after a TXID, sorted. */
    public synchronized List<HistoryObject> usable(int level, Txid after) {
        return entries.values().stream()
                .filter(entry -> entry.level == level && entry.max > after.value())
                .filter(this::isUsable)
                .map(this::object)
                .sorted()
                .toList();
    }

    /** The usable object of a level that ends last. */
    public synchronized Optional<HistoryObject> newest(int level) {
        return Optional.ofNullable(newest.get(level));
    }

    /** The highest TXID that a usable object of a level ends at. */
    public synchronized Txid reached(int level) {
        return newest(level).map(HistoryObject::max).orElse(Txid.NONE);
    }

    /** This process wrote an object. */
    public synchronized void written(HistoryObject object, Optional<Proof> proof) {
        put(Entry.written(object, proof.orElse(null), ++changes));
        count(object);
    }

    /** An object was read. Only another size or time, or writing it, gives one that is damaged another chance. */
    public synchronized void read(HistoryObject object, Finding finding) {
        Entry known = entry(object);
        boolean namedRight = finding.isNamedRight() || known.isNamedRight;
        put(known.with(finding.content(), namedRight, finding.proof().orElse(null)));
        if (finding.content().isUsable()) {
            count(object);
        } else if (newest(object.level())
                .filter(last -> last.key().equals(object.key()))
                .isPresent()) {
            newest.remove(object.level());
            usable(object.level(), Txid.NONE).forEach(this::count);
        }
    }

    /** Objects were removed. */
    public synchronized void removed(Collection<HistoryObject> objects) {
        objects.forEach(object -> entries.remove(new Name(object)));
    }

    /** What is known of the content of an object. */
    public synchronized ContentState content(HistoryObject object) {
        return entry(object).content;
    }

    /** Whether the content of an object has confirmed the TXIDs of its name, even if it was damaged since. */
    public synchronized boolean isNamedRight(HistoryObject object) {
        return entry(object).isNamedRight;
    }

    /** The proof of an object, where it has one and was written or read. */
    public synchronized Optional<Proof> proof(HistoryObject object) {
        return Optional.ofNullable(entry(object).proof);
    }

    /** The entry replaces the previous one as the key, too; otherwise the map would keep both. */
    private void put(Entry entry) {
        entries.remove(entry);
        entries.put(entry, entry);
    }

    /**
     * An object of another size than before was cut short or replaced; one that could not be used may be intact now. An
     * object of the same size and another time was stored again, and is read again before it counts.
     */
    private boolean isAsItWas(HistoryObject listed) {
        Entry known = entry(listed);
        Entry now;
        if (known.size != listed.size()) {
            ContentState content = isUsable(known) ? ContentState.DAMAGED : ContentState.NOT_READ;
            if (content == ContentState.DAMAGED) {
                newlyDamaged.add(listed);
            }
            now = known.changed(listed, content, changes);
        } else if (known.isListedAtAnotherTime(listed.time())) {
            now = known.changed(listed, ContentState.NOT_READ, changes);
        } else {
            now = known.listedAt(listed.time());
        }
        put(now);
        return isUsable(now);
    }

    private Stream<HistoryObject> usableObjects() {
        return entries.values().stream().filter(this::isUsable).map(this::object);
    }

    private boolean isUsable(Entry entry) {
        return entry.content.isUsable() && entry.size >= smallest;
    }

    private void count(HistoryObject object) {
        newest.merge(object.level(), object, (a, b) -> b.max().isAfter(a.max()) ? b : a);
    }

    private HistoryObject object(Entry entry) {
        return new HistoryObject(entry.level, entry.min, entry.max, entry.size, entry.time, keys);
    }

    private Entry entry(HistoryObject object) {
        Entry known = entries.get(new Name(object));
        if (known == null) {
            known = Entry.seen(object, changes);
            put(known);
        }
        return known;
    }
}

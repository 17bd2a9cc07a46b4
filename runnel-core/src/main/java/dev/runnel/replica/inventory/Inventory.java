package dev.runnel.replica.inventory;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.Takeover;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the objects of one history: those of the newest listing and those written since, the size each had when
 * it was written or first seen, the time that listings show, and what is known of its content. A listing is compared with it,
 * so that an object that was lost, cut short or stored again since is detected from the listing alone. An object that keeps
 * size and time is taken to be what it was. May be used from several threads.
 */
public final class Inventory {
    private final Keys keys;
    private final long smallest;
    private final Map<Name, Entry> entries = new HashMap<>();
    private final Map<Integer, HistoryObject> newest = new HashMap<>();
    private final List<HistoryObject> newlyDamaged = new ArrayList<>();
    private List<Takeover> takeovers = List.of();
    private boolean completeListing;
    private long changes;

    /** How a layout names objects. */
    @FunctionalInterface
    public interface Keys {
        /** The key of an object. */
        String key(int level, TxidRange range);
    }

    /** What tells one object from another. The key follows from it, so that keys need not be held. */
    private record Name(int level, long min, long max) {
        static Name of(HistoryObject object) {
            return new Name(object.level(), object.min().value(), object.max().value());
        }
    }

    /**
     * @param isNamedRight whether its content has confirmed the TXIDs of its name
     * @param listed the time in the newest listing, which is not that of the content where a store lists times of uploads;
     *     null if it was not listed since it was written
     * @param change which change of what is known it came with
     */
    private record Entry(
            long size,
            Instant time,
            ContentState content,
            boolean isNamedRight,
            @Nullable Proof proof,
            @Nullable Instant listed,
            long change) {
        Entry with(ContentState found, boolean namedRight, @Nullable Proof proven) {
            return new Entry(size, time, found, namedRight, proven, listed, change);
        }

        /** The object in a listing, about whose content nothing is known any more, or only that it is damaged. */
        Entry changed(HistoryObject now, ContentState found, long change) {
            return new Entry(now.size(), now.time(), found, isNamedRight, null, now.time(), change);
        }

        Entry listedAt(Instant now) {
            return new Entry(size, time, content, isNamedRight, proof, now, change);
        }

        boolean isListedAtAnotherTime(Instant now) {
            return listed != null && !listed.equals(now);
        }
    }

    /** @param smallest an object with fewer bytes has not even room for what each object of the layout has */
    public Inventory(Keys keys, long smallest) {
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
        Set<Name> names = HashSet.newHashSet(listed.size());
        listed.forEach(object -> names.add(Name.of(object)));
        boolean nothingMissing = !entries.entrySet()
                .removeIf(entry -> !names.contains(entry.getKey()) && entry.getValue().change <= mark);
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
        return entries.entrySet().stream()
                .map(entry -> object(entry.getKey(), entry.getValue()))
                .sorted()
                .toList();
    }

    /** Those of them that nothing speaks against. */
    public synchronized List<HistoryObject> usable() {
        return usableObjects().sorted().toList();
    }

    /** The usable objects of a level that end after a TXID, sorted. */
    public synchronized List<HistoryObject> usable(int level, Txid after) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().level == level && entry.getKey().max > after.value())
                .filter(entry -> isUsable(entry.getValue()))
                .map(entry -> object(entry.getKey(), entry.getValue()))
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
        put(object, ContentState.WRITTEN, proof, ++changes);
    }

    /** An object was read. Only another size or time, or writing it, gives one that is damaged another chance. */
    public synchronized void read(HistoryObject object, Finding finding) {
        Entry known = entry(object);
        boolean namedRight = finding.isNamedRight() || known.isNamedRight;
        entries.put(
                Name.of(object),
                known.with(finding.content(), namedRight, finding.proof().orElse(null)));
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
        objects.forEach(object -> entries.remove(Name.of(object)));
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

    private void put(HistoryObject object, ContentState content, Optional<Proof> proof, long change) {
        entries.put(
                Name.of(object),
                new Entry(object.size(), object.time(), content, true, proof.orElse(null), null, change));
        count(object);
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
        entries.put(Name.of(listed), now);
        return isUsable(now);
    }

    private Stream<HistoryObject> usableObjects() {
        return entries.entrySet().stream()
                .filter(entry -> isUsable(entry.getValue()))
                .map(entry -> object(entry.getKey(), entry.getValue()));
    }

    private boolean isUsable(Entry entry) {
        return entry.content.isUsable() && entry.size >= smallest;
    }

    private void count(HistoryObject object) {
        newest.merge(object.level(), object, (a, b) -> b.max().isAfter(a.max()) ? b : a);
    }

    private HistoryObject object(Name name, Entry entry) {
        TxidRange range = new TxidRange(new Txid(name.min), new Txid(name.max));
        return new HistoryObject(name.level, range, entry.size, entry.time, keys.key(name.level, range));
    }

    private Entry entry(HistoryObject object) {
        return entries.computeIfAbsent(Name.of(object), _ -> seen(object));
    }

    private Entry seen(HistoryObject object) {
        return new Entry(object.size(), object.time(), ContentState.NOT_READ, false, null, null, changes);
    }
}

package dev.runnel.replica.ltx;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the files at a replica: those of the newest listing, those written since, the size each had when it was
 * written or first seen, and what came out when one was read. A listing is held against it, so that a file that was lost
 * or cut short since is noticed from the listing alone. May be used from several threads.
 */
final class LtxInventory {
    private final Clock clock;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<Integer, LtxObject> newest = new HashMap<>();
    private boolean completeListing;
    private long changes;

    private enum State {
        /** Known from listings only. */
        SEEN,
        /** Written by us, or read and found to be as it must be. */
        SOUND,
        /** Read, and found not to be. */
        UNSOUND
    }

    /**
     * @param since when it was written or first seen, in ticks
     * @param change which change of what is known it came with
     */
    private record Entry(LtxObject file, State state, Optional<Proof> proof, long since, long change) {
        boolean isUsable() {
            return state != State.UNSOUND && !file.isTooShort();
        }
    }

    LtxInventory(Clock clock) {
        this.clock = clock;
    }

    /** A mark to be taken before a listing is made. */
    synchronized long mark() {
        return changes;
    }

    /**
     * Takes in a listing, and gives its files that are as they were. What is not listed is forgotten, but for what was
     * written since the mark.
     */
    synchronized List<LtxObject> usable(List<LtxObject> listed, long mark) {
        Set<String> keys = new HashSet<>();
        listed.forEach(file -> keys.add(file.key()));
        boolean nothingMissing = !entries.entrySet()
                .removeIf(entry -> !keys.contains(entry.getKey()) && entry.getValue().change <= mark);
        List<LtxObject> usable = listed.stream().filter(this::isAsItWas).toList();
        newest.clear();
        entries.values().stream().filter(Entry::isUsable).forEach(entry -> count(entry.file));
        completeListing = nothingMissing;
        return usable;
    }

    /** Whether there was a listing since this was last asked, and it had every file that was known before. */
    synchronized boolean takeCompleteListing() {
        boolean was = completeListing;
        completeListing = false;
        return was;
    }

    /** All files that are known now. */
    synchronized List<LtxObject> all() {
        return entries.values().stream().map(Entry::file).sorted().toList();
    }

    /** Those of them that are as they must be, as far as is known. */
    synchronized List<LtxObject> usable() {
        return entries.values().stream()
                .filter(Entry::isUsable)
                .map(Entry::file)
                .sorted()
                .toList();
    }

    /** The usable files of a level that end after a TXID, sorted. */
    synchronized List<LtxObject> usable(int level, Txid after) {
        return entries.values().stream()
                .filter(Entry::isUsable)
                .map(Entry::file)
                .filter(file -> file.level() == level && file.max().isAfter(after))
                .sorted()
                .toList();
    }

    /** The usable file of a level that ends last. */
    synchronized Optional<LtxObject> newest(int level) {
        return Optional.ofNullable(newest.get(level));
    }

    /** The highest TXID that a usable file of a level ends at. */
    synchronized Txid reached(int level) {
        return newest(level).map(LtxObject::max).orElse(Txid.NONE);
    }

    /** A file was read, or written, to its end, and is as it must be. */
    synchronized void sound(LtxObject file, Optional<Proof> proof) {
        Entry known = entries.get(file.key());
        long since = known == null ? clock.ticks() : known.since;
        entries.put(file.key(), new Entry(file, State.SOUND, proof, since, ++changes));
        count(file);
    }

    /** A file was read and is not as it must be. Only another size, or {@link #sound}, gives it another chance. */
    synchronized void unsound(LtxObject file) {
        entries.put(file.key(), new Entry(file, State.UNSOUND, Optional.empty(), entry(file).since, changes));
    }

    /** Files were removed. */
    synchronized void removed(Collection<LtxObject> files) {
        files.forEach(file -> entries.remove(file.key()));
    }

    synchronized boolean isSound(LtxObject file) {
        return entry(file).state == State.SOUND;
    }

    /** The proof of a sound file, where it has one. */
    synchronized Optional<Proof> proof(LtxObject file) {
        return entry(file).proof;
    }

    /** For how many nanoseconds a file has been known. */
    synchronized long knownFor(LtxObject file) {
        return clock.ticks() - entry(file).since;
    }

    private boolean isAsItWas(LtxObject file) {
        Entry known = entry(file);
        if (known.file.size() != file.size()) {
            State state = known.state == State.UNSOUND ? State.SEEN : State.UNSOUND;
            entries.put(file.key(), new Entry(file, state, Optional.empty(), known.since, changes));
        }
        return entry(file).isUsable();
    }

    private void count(LtxObject file) {
        newest.merge(file.level(), file, (a, b) -> b.max().isAfter(a.max()) ? b : a);
    }

    private Entry entry(LtxObject file) {
        return entries.computeIfAbsent(file.key(), _ -> seen(file));
    }

    private Entry seen(LtxObject file) {
        return new Entry(file, State.SEEN, Optional.empty(), clock.ticks(), changes);
    }
}

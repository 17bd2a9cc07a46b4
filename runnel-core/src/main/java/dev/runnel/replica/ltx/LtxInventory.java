package dev.runnel.replica.ltx;

import dev.runnel.ltx.Proof;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the files at a replica beyond a listing: the size each had when it was written or first seen, and what
 * came out when one was read. A listing is held against it, so that a file that was lost or cut short since is noticed
 * from the listing alone. May be used from several threads.
 */
final class LtxInventory {
    private final Map<String, Entry> entries = new HashMap<>();

    private enum State {
        /** Known from listings only. */
        SEEN,
        /** Written by us, or read and found to be as it must be. */
        SOUND,
        /** Read, and found not to be. */
        UNSOUND
    }

    private record Entry(LtxObject file, State state, Optional<Proof> proof) {
        boolean hasSizeOf(LtxObject other) {
            return file.size() == other.size();
        }
    }

    /** The files of a listing that are as they were; what is not listed is forgotten. */
    synchronized List<LtxObject> usable(List<LtxObject> listed) {
        Set<String> keys = new HashSet<>();
        listed.forEach(file -> keys.add(file.key()));
        entries.keySet().retainAll(keys);
        return listed.stream().filter(this::isUsable).toList();
    }

    /** The files that are known now and as they must be, as far as is known. */
    synchronized List<LtxObject> files() {
        return entries.values().stream()
                .filter(entry -> entry.state != State.UNSOUND)
                .map(Entry::file)
                .filter(file -> !file.isTooShort())
                .sorted()
                .toList();
    }

    /** A file was read, or written, to its end, and is as it must be. */
    synchronized void sound(LtxObject file, Optional<Proof> proof) {
        entries.put(file.key(), new Entry(file, State.SOUND, proof));
    }

    /** A file was read and is not as it must be. Only another size, or {@link #sound}, gives it another chance. */
    synchronized void unsound(LtxObject file) {
        entries.put(file.key(), new Entry(file, State.UNSOUND, Optional.empty()));
    }

    synchronized boolean isSound(LtxObject file) {
        return entry(file).state == State.SOUND;
    }

    /** The proof of a sound file, where it has one. */
    synchronized Optional<Proof> proof(LtxObject file) {
        return entry(file).proof;
    }

    private boolean isUsable(LtxObject file) {
        if (file.isTooShort()) {
            return false;
        }
        Entry known = entry(file);
        if (known.state == State.UNSOUND && !known.hasSizeOf(file)) {
            entries.put(file.key(), seen(file));
            return true;
        }
        return known.state != State.UNSOUND && known.hasSizeOf(file);
    }

    private Entry entry(LtxObject file) {
        return entries.computeIfAbsent(file.key(), _ -> seen(file));
    }

    private static Entry seen(LtxObject file) {
        return new Entry(file, State.SEEN, Optional.empty());
    }
}

package dev.runnel.capture;

import java.util.Arrays;

/** A map from page numbers to small non-negative numbers, open addressing, no boxing: eight bytes a place. */
final class IntMap {
    static final int ABSENT = -1;

    /** What a place takes; at most two of three places are used. */
    static final int BYTES_A_PLACE = 2 * Integer.BYTES;

    private static final int SMALLEST = 64;
    private static final int EMPTY = 0;

    /** Page numbers start at 1, so 0 is a free place. A removed key stays, with the value ABSENT. */
    private int[] keys = new int[SMALLEST];

    private int[] values = new int[SMALLEST];
    private int used;
    private int size;

    /** How many places are used, by keys that were removed too. */
    int used() {
        return used;
    }

    boolean contains(int key) {
        return get(key) != ABSENT;
    }

    int get(int key) {
        int at = find(key);
        return keys[at] == EMPTY ? ABSENT : values[at];
    }

    void put(int key, int value) {
        int at = find(key);
        if (keys[at] == EMPTY) {
            if ((used + 1) * 3L > keys.length * 2L) {
                grow();
                at = find(key);
            }
            keys[at] = key;
            values[at] = ABSENT;
            used++;
        }
        size += values[at] == ABSENT ? 1 : 0;
        values[at] = value;
    }

    /** Removes every key above a limit. */
    void removeAbove(int limit) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] > limit && values[i] != ABSENT) {
                values[i] = ABSENT;
                size--;
            }
        }
    }

    void clear() {
        keys = new int[SMALLEST];
        values = new int[SMALLEST];
        used = 0;
        size = 0;
    }

    /** The keys in ascending order. */
    int[] sortedKeys() {
        int[] found = new int[size];
        int n = 0;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != EMPTY && values[i] != ABSENT) {
                found[n++] = keys[i];
            }
        }
        Arrays.sort(found);
        return found;
    }

    private int find(int key) {
        int mask = keys.length - 1;
        int at = ((key * 0x9E3779B9) >>> 1) & mask;
        while (keys[at] != EMPTY && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        int[] oldKeys = keys;
        int[] oldValues = values;
        int length = Math.max(SMALLEST, Integer.highestOneBit(size * 2 + 1) * 2);
        keys = new int[length];
        values = new int[length];
        used = 0;
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY && oldValues[i] != ABSENT) {
                put(oldKeys[i], oldValues[i]);
            }
        }
    }
}

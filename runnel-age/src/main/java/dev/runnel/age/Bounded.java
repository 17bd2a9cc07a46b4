package dev.runnel.age;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers something of objects by their keys, and forgets what was not asked for longest. For many threads. */
final class Bounded<T> {
    private static final float LOAD = 0.75f;

    private final Map<String, T> entries;

    Bounded(int limit) {
        entries = new LinkedHashMap<>(16, LOAD, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > limit;
            }
        };
    }

    synchronized Optional<T> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    synchronized void put(String key, T value) {
        entries.put(key, value);
    }

    synchronized void remove(String key) {
        entries.remove(key);
    }
}

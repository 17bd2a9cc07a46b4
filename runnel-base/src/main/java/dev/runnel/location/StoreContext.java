package dev.runnel.location;

import dev.runnel.platform.Disk;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What the stores of one program have in common: the disk, the environment, and what a kind of store shares. */
public final class StoreContext {
    private final Disk disk;
    private final Map<String, String> environment;
    private final Map<Class<?>, Object> shared = new HashMap<>();

    /** @param environment where credentials are looked for that no option has */
    public StoreContext(Disk disk, Map<String, String> environment) {
        this.disk = disk;
        this.environment = Map.copyOf(environment);
    }

    public Disk disk() {
        return disk;
    }

    public Map<String, String> environment() {
        return environment;
    }

    /** What all stores of a kind use together, such as connections; made when it is first asked for. */
    public synchronized <T> T shared(Class<T> type, Supplier<T> maker) {
        return type.cast(shared.computeIfAbsent(type, _ -> maker.get()));
    }
}

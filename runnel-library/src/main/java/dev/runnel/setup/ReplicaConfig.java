package dev.runnel.setup;

import dev.runnel.location.Location;
import java.time.Duration;
import java.util.Optional;

/**
 * One replica of a database.
 *
 * @param name what {@code -replica} calls it, different from that of the database's other replicas
 * @param syncInterval how long the commits of a busy database are gathered before they are shipped to it
 * @param store how its objects are stored
 * @param layout how its history is laid out, and what it promises
 * @param verifyInterval how often the newest state there is read and verified; empty for never
 */
public record ReplicaConfig(
        String name,
        Location location,
        Duration syncInterval,
        StoreOptions store,
        Layout layout,
        Optional<Duration> verifyInterval) {
    /** A replica that is not verified on a schedule. */
    public ReplicaConfig(String name, Location location, Duration syncInterval, StoreOptions store, Layout layout) {
        this(name, location, syncInterval, store, layout, Optional.empty());
    }

    /** A replica with everything left at the default: it is called by its type. */
    public static ReplicaConfig at(Location location) {
        return new ReplicaConfig(
                location.type(),
                location,
                DatabaseConfig.DEFAULT_SYNC_INTERVAL,
                StoreOptions.DEFAULT,
                Layout.Ltx.DEFAULT);
    }

    /** The same with another layout or policy. */
    public ReplicaConfig with(Layout other) {
        return new ReplicaConfig(name, location, syncInterval, store, other, verifyInterval);
    }

    /** The same at a place below. */
    ReplicaConfig below(String relative) {
        return new ReplicaConfig(name, location.below(relative), syncInterval, store, layout, verifyInterval);
    }

    /** The same, verified so often. */
    public ReplicaConfig verifiedEvery(Optional<Duration> interval) {
        return new ReplicaConfig(name, location, syncInterval, store, layout, interval);
    }
}

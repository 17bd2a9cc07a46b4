package dev.runnel.setup;

import dev.runnel.engine.EngineListener;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers when history at each replica last became longer, and wakes those who wait for that. */
public final class Shipments implements EngineListener {
    private final Clock clock;
    private final ChangeSignal signal = new ChangeSignal();
    private final Map<Key, Instant> times = new ConcurrentHashMap<>();

    private record Key(Path database, String replica) {}

    public Shipments(Clock clock) {
        this.clock = clock;
    }

    /** Wakes at every change of health and at everything that arrives. */
    public ChangeSignal signal() {
        return signal;
    }

    /** When a replica was last seen to be complete up to a higher TXID; empty if never in this process. */
    public Optional<Instant> last(Path database, String replica) {
        return Optional.ofNullable(times.get(new Key(database, replica)));
    }

    @Override
    public void changed(Path database, Optional<String> replica, Health before, Health now) {
        signal.wake();
    }

    @Override
    public void shipped(Path database, String replica, Txid txid, boolean isCaughtUp) {
        times.put(new Key(database, replica), clock.now());
        signal.wake();
    }

    /** Forgets a database that is not followed any more. */
    void forget(Path database) {
        times.keySet().removeIf(key -> key.database().equals(database));
    }
}

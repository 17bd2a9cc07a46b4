package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Forgets what the change log need not remember: what every replica has, once it is old enough to be lost there and missed. */
final class LogKeeping {
    private static final long INTERVAL = Duration.ofSeconds(20).toNanos();
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Clock clock;
    private long lookedAt;

    LogKeeping(Clock clock) {
        this.clock = clock;
        this.lookedAt = clock.ticks();
    }

    /** Trims the log from time to time. */
    void look(LocalHistory history, List<ReplicaActor> replicas) throws IOException {
        long now = clock.ticks();
        if (now - lookedAt < INTERVAL) {
            return;
        }
        lookedAt = now;
        Txid shipped = history.txid();
        for (ReplicaActor replica : replicas) {
            shipped = replica.shipped().compareTo(shipped) < 0 ? replica.shipped() : shipped;
        }
        history.checkpoint();
        history.trim(shipped, clock.now().minus(KEPT));
    }
}

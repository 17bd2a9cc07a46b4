package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.MaintenanceTask;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trims the change log: change sets that every replica has, and has compacted, once they are old enough that a loss
 * there would have been noticed. Past the limit it drops the oldest, even if a replica lacks it: compaction then
 * fetches what it needs, and a replica that lags behind gets one file with the pages that differ.
 */
final class LogKeeping {
    private static final Logger LOG = LoggerFactory.getLogger(LogKeeping.class);
    private static final long INTERVAL = Duration.ofSeconds(20).toNanos();
    private static final Duration KEPT = Duration.ofMinutes(10);

    private final Clock clock;
    private final AgeRecord ages;
    private final MaintenanceTask trimming;
    private final long limit;
    private long lookedAt;
    private Txid toldUpTo = Txid.NONE;

    LogKeeping(DatabaseSpec spec, EngineResources resources) {
        this(resources.clock(), spec.logLimit(), new AgeRecord(resources.disk(), spec.metaFolder(), resources.clock()));
    }

    /** @param limit in bytes */
    LogKeeping(Clock clock, long limit, AgeRecord ages) {
        this.clock = clock;
        this.ages = ages;
        this.trimming = new MaintenanceTask("the change log is not trimmed, and keeps growing,", clock);
        this.limit = limit;
        this.lookedAt = clock.ticks();
    }

    /** Trims the log from time to time. A file that cannot be removed keeps nothing from being captured. */
    void look(LocalHistory history, List<ReplicaActor> replicas) throws IOException {
        ages.ages().seen(history.txid());
        long now = clock.ticks();
        if (now - lookedAt < INTERVAL) {
            return;
        }
        lookedAt = now;
        history.checkpoint();
        trimming.run(() -> trim(history, replicas));
    }

    /** The health of the database with what is wrong here, if nothing else is. */
    Health health(Health following) {
        Optional<Health> failing =
                trimming.failure().map(failure -> new Health.Degraded(failure.toString(), failure.nextStep()));
        return following instanceof Health.Healthy ? failing.orElse(following) : following;
    }

    AgeRecord ages() {
        return ages;
    }

    /** Closes a history, and leaves to the next run what this one knows of its age. */
    Txid close(LocalHistory history) throws IOException {
        history.close();
        try {
            ages.save();
        } catch (IOException e) {
            LOG.warn(
                    "The ages of TXIDs cannot be recorded ({}). Retention keeps more than it has to. No action needed.",
                    e);
        }
        return history.txid();
    }

    private boolean trim(LocalHistory history, List<ReplicaActor> replicas) throws IOException {
        Txid shipped = lowest(history.txid(), replicas, ReplicaActor::shipped);
        Txid settled = lowest(shipped, replicas, ReplicaActor::settled);
        Txid old = ages.ages().olderThan(KEPT);
        history.trim(old.isAfter(settled) ? settled : old);
        history.shrink(limit, shipped);
        if (history.log().size() > limit) {
            tell(history, replicas, shipped);
            history.shrink(limit, history.txid());
        }
        return true;
    }

    private void tell(LocalHistory history, List<ReplicaActor> replicas, Txid shipped) {
        if (!shipped.isAfter(toldUpTo) && !toldUpTo.isNone()) {
            return;
        }
        toldUpTo = shipped.next();
        Optional<String> behind = replicas.stream()
                .filter(replica -> replica.shipped().equals(shipped))
                .map(ReplicaActor::name)
                .findFirst();
        LOG.warn(
                "{}: more than {} bytes of changes wait for {}; it gets one file with the pages that differ instead",
                history.log().newest().map(Object::toString).orElse("the change log"),
                limit,
                behind.orElse("a replica"));
    }

    private static Txid lowest(Txid start, List<ReplicaActor> replicas, Function<ReplicaActor, Txid> of) {
        return replicas.stream().map(of).reduce(start, (a, b) -> b.isAfter(a) ? a : b);
    }
}

package dev.runnel.replica;

import dev.runnel.platform.Clock;
import dev.runnel.platform.FaultText;
import dev.runnel.platform.RunnelException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the tasks that keep a history, or the change log, small. Each fails by itself, says what no longer happens because of
 * it, and is tried again at growing distances, while the others go on.
 */
public final class MaintenanceTask {
    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceTask.class);

    /** What no longer happens where the objects of the newest state cannot be read. */
    public static final String VERIFYING = "the objects that the newest state needs are not verified";

    /** What no longer happens where objects cannot be deleted. */
    public static final String REMOVING = "expired objects are not removed";

    private static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

    private final String consequence;
    private final Clock clock;
    private Optional<Failure> failure = Optional.empty();
    private Optional<Instant> succeeded = Optional.empty();
    private Duration retry = FIRST_RETRY;
    private long notBefore;
    private boolean hasFailedAgain;

    /**
     * Why a task does not get on.
     *
     * @param consequence what no longer happens, with the time since when
     */
    public record Failure(String consequence, String reason, String nextStep) {
        @Override
        public String toString() {
            return consequence + ": " + reason;
        }
    }

    /** What the task does. */
    @FunctionalInterface
    public interface Work {
        /** Does it; false if there was no occasion to, which says nothing of an earlier failure. */
        boolean run() throws IOException;
    }

    /** @param consequence what no longer happens while the task fails, such as "expired objects are not removed" */
    public MaintenanceTask(String consequence, Clock clock) {
        this.consequence = consequence;
        this.clock = clock;
        this.notBefore = clock.ticks();
    }

    /**
     * Does the work, unless it failed a short time ago.
     *
     * @throws ReplicaException.Foreign if another process writes to the replica: then nothing of it may go on
     */
    public void run(Work work) throws ReplicaException.Foreign {
        if (isWaiting()) {
            return;
        }
        try {
            if (work.run()) {
                succeeded();
            }
        } catch (ReplicaException.Foreign e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
        }
    }

    /** Whether it failed and is not to be tried again yet. */
    public synchronized boolean isWaiting() {
        return failure.isPresent() && clock.ticks() < notBefore;
    }

    /** How long until it is tried again; zero if it is not waiting. */
    public synchronized Duration untilRetry() {
        return isWaiting() ? Duration.ofNanos(notBefore - clock.ticks()) : Duration.ZERO;
    }

    /** Why it does not get on, if it does not. */
    public synchronized Optional<Failure> failure() {
        return failure;
    }

    /** Whether it failed since this was last asked. */
    public synchronized boolean takeFailed() {
        boolean was = hasFailedAgain;
        hasFailedAgain = false;
        return was;
    }

    /** It was done. */
    public synchronized void succeeded() {
        succeeded = Optional.of(clock.now());
        needless();
    }

    /** Its result exists anyway, or is no longer needed. */
    public synchronized void needless() {
        failure = Optional.empty();
        retry = FIRST_RETRY;
    }

    /** It was tried, and failed. */
    public synchronized void failed(Throwable fault) {
        Failure found = switch (fault) {
            case RunnelException known -> new Failure(since(), known.reason(), known.nextStep());
            case IOException io -> new Failure(since(), FaultText.of(io), "Runnel tries again.");
            default -> {
                LOG.error("{}: internal error", consequence, fault);
                yield new Failure(since(), fault.toString(), "Please report this with the log.");
            }
        };
        failure = Optional.of(found);
        hasFailedAgain = true;
        notBefore = clock.ticks() + retry.toNanos();
        retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry.multipliedBy(2);
    }

    /** The same time for as long as it fails, so that one failure is logged once. */
    private String since() {
        Instant since = succeeded.orElseGet(clock::now);
        succeeded = Optional.of(since);
        return consequence + " since " + since.truncatedTo(ChronoUnit.SECONDS);
    }
}

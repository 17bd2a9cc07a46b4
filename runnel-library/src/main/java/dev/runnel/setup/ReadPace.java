package dev.runnel.setup;

import dev.runnel.platform.Clock;
import dev.runnel.restore.RestoreProgress;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * Keeps a verification from taking the disk, the network and the processor from those who have work to do: after each while
 * of reading it pauses, three times as long. For one thread.
 */
final class ReadPace implements RestoreProgress {
    private static final Duration WHILE = Duration.ofMillis(50);
    private static final int PAUSES = 3;

    private final Clock clock;
    private long start;

    ReadPace(Clock clock) {
        this.clock = clock;
        this.start = clock.ticks();
    }

    @Override
    public void fetched(long fetched, long atMost) {
        long read = clock.ticks() - start;
        if (read < WHILE.toNanos()) {
            return;
        }
        try {
            clock.sleep(
                    Duration.ofNanos(Math.min(read, WHILE.toNanos() * PAUSES)).multipliedBy(PAUSES));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the verification was told to end");
        }
        start = clock.ticks();
    }
}

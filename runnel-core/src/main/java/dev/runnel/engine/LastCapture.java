package dev.runnel.engine;

import dev.runnel.platform.Clock;
import java.io.IOException;
import java.time.Duration;

/** The last capture of a run: what can be captured within the time that the engine gives to an end. */
final class LastCapture {
    /** The scan of a large file takes longer. */
    private static final long LIMIT = Duration.ofSeconds(2).toNanos();

    private LastCapture() {}

    /** Returns whether everything that was committed is captured. */
    static boolean run(Following following, DiskWork disk, Clock clock) throws IOException, InterruptedException {
        long until = clock.ticks() + LIMIT;
        boolean isWhole = false;
        do {
            isWhole = disk.run("capturing the rest", following::flush);
        } while (!isWhole && clock.ticks() < until);
        return disk.run("making the ledger durable", () -> {
            following.finish();
            following.history().checkpoint();
            return following.isWhole();
        });
    }
}

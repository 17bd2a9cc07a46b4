package dev.runnel.cli.output;

import dev.runnel.platform.Clock;
import dev.runnel.restore.RestoreProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows the progress of a restore until it is closed: on a screen in one line, elsewhere a line every few seconds. */
public final class ProgressDisplay implements AutoCloseable {
    private static final Duration ON_SCREEN = Duration.ofMillis(200);
    private static final Duration ELSEWHERE = Duration.ofSeconds(5);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress").factory());
    private final RestoreMeter meter;
    private final Future<?> ticks;

    private ProgressDisplay(RestoreMeter meter, Duration interval) {
        this.meter = meter;
        this.ticks =
                timer.scheduleAtFixedRate(meter::show, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @param doing what is shown before the numbers, such as "restoring" */
    public static ProgressDisplay onScreen(PrintStream err, String doing) {
        return new ProgressDisplay(
                new RestoreMeter(Clock.system(), err, RestoreMeter.Style.ONE_LINE, doing), ON_SCREEN);
    }

    /** @param doing what is shown before the numbers, such as "restoring" */
    public static ProgressDisplay inLines(PrintStream err, String doing) {
        return new ProgressDisplay(new RestoreMeter(Clock.system(), err, RestoreMeter.Style.LINES, doing), ELSEWHERE);
    }

    /** What the restore reports to. */
    public RestoreProgress progress() {
        return meter;
    }

    @Override
    public void close() {
        ticks.cancel(false);
        timer.shutdownNow();
        meter.clear();
    }
}

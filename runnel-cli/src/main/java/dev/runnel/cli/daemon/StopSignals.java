package dev.runnel.cli.daemon;

import dev.runnel.cli.supervision.Application;
import dev.runnel.cli.supervision.ProcessSignal;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGINT and SIGTERM. The first asks for an orderly end; the second ends the process at once, with whatever is captured
 * by then, and exit status 1. Java's own way of ending on a signal would neither let us choose the status nor hear of a
 * second signal.
 *
 * <p>SIGHUP never ends the process without a last sync. When the terminal that Runnel was started from is gone, SIGHUP
 * asks for the same orderly end; otherwise it is a request to read the configuration again.
 *
 * <p>With an application, what asks for an end is passed to the application, and it is time to end when that has ended: the
 * second signal kills it, and only the next one ends the process at once. SIGHUP, SIGUSR1 and SIGUSR2 are passed on, too.
 * SIGQUIT is not: Java answers it with a list of its threads.
 */
public final class StopSignals implements Stop {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);
    private static final int ENDED_AT_ONCE = 1;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicBoolean reload = new AtomicBoolean();
    private final boolean hadTerminal = hasTerminal();

    private final Optional<Application> application;

    private StopSignals(Optional<Application> application) {
        this.application = application;
    }

    /**
     * Listens from now on.
     *
     * @param application who signals are passed on to
     */
    public static StopSignals listen(Optional<Application> application) {
        StopSignals signals = new StopSignals(application);
        ProcessSignal.of("INT").listen(signals::received);
        ProcessSignal.of("TERM").listen(signals::received);
        ProcessSignal.of("HUP").listen(signals::hungUp);
        application.ifPresent(child -> {
            ProcessSignal.of("USR1").listen(child::pass);
            ProcessSignal.of("USR2").listen(child::pass);
        });
        return signals;
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
        return application.isPresent()
                ? application.get().awaitEnd(atMost)
                : asked.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean takeReload() {
        return reload.getAndSet(false);
    }

    private synchronized void received(ProcessSignal signal) {
        boolean isFirst = asked.getCount() > 0;
        asked.countDown();
        boolean isPassed = application.isPresent() && application.get().end(signal);
        if (!isFirst && !isPassed) {
            Runtime.getRuntime().halt(ENDED_AT_ONCE);
        }
    }

    /** Sent twice, as shells do, it still lets the last sync finish. */
    private synchronized void hungUp(ProcessSignal signal) {
        if (hadTerminal && !hasTerminal()) {
            LOG.warn("SIGHUP: the terminal is gone; Runnel does a last sync and ends");
            if (asked.getCount() > 0) {
                asked.countDown();
                application.ifPresent(child -> child.end(signal));
            }
        } else if (application.isPresent()) {
            application.get().pass(signal);
        } else {
            reload.set(true);
        }
    }

    private static boolean hasTerminal() {
        try (FileInputStream terminal = new FileInputStream("/dev/tty")) {
            return terminal.getFD().valid();
        } catch (IOException e) {
            return false;
        }
    }
}

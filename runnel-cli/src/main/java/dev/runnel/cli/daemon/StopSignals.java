package dev.runnel.cli.daemon;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGINT and SIGTERM. The first asks for an orderly end; the second ends the process at once, with whatever is captured
 * by then, and exit status 1. Java's own way of ending on a signal would neither let us choose the status nor hear of a
 * second signal.
 *
 * <p>SIGHUP never ends the process without a last sync. When the terminal that Runnel was started from is gone, SIGHUP
 * asks for the same orderly end; otherwise it is a request to read the configuration again, which Runnel cannot do yet:
 * it says so and continues.
 */
public final class StopSignals implements Stop {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);
    private static final int ENDED_AT_ONCE = 1;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final boolean hadTerminal = hasTerminal();

    private StopSignals() {}

    /** Listens from now on. */
    public static StopSignals listen() {
        StopSignals signals = new StopSignals();
        handle("INT", signals::received);
        handle("TERM", signals::received);
        handle("HUP", signals::hungUp);
        return signals;
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
        return asked.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void received() {
        if (asked.getCount() == 0) {
            Runtime.getRuntime().halt(ENDED_AT_ONCE);
        }
        asked.countDown();
    }

    /** Sent twice, as shells do, it still lets the last sync finish. */
    private void hungUp() {
        if (hadTerminal && !hasTerminal()) {
            LOG.warn("SIGHUP: the terminal is gone; Runnel does a last sync and ends");
            asked.countDown();
        } else {
            LOG.warn("SIGHUP: Runnel cannot read its configuration again while it runs, and continues as before."
                    + " To change it, restart Runnel.");
        }
    }

    private static boolean hasTerminal() {
        try (FileInputStream terminal = new FileInputStream("/dev/tty")) {
            return terminal.getFD().valid();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Calls {@code sun.misc.Signal}, which is there to be used and has no successor. By reflection, because the compiler
     * warns of its name wherever it stands, and that warning cannot be switched off.
     */
    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object calling = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
                action.run();
                return null;
            });
            Object named = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, named, calling);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java cannot receive signals", e);
        }
    }
}

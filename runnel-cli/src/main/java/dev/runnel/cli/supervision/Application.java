package dev.runnel.cli.supervision;

import dev.runnel.platform.Clock;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application as a child process, with the streams and the environment of Runnel. It is started once. Signals may come
 * at any time, from other threads: one that comes before the start keeps it from being started.
 */
public final class Application implements Closeable {
    /** How long it may take to end after a signal. */
    public static final Duration USUAL_PATIENCE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    private static final Duration LOOK = Duration.ofMillis(20);

    private static final String LOCALE = "runnel.lc-all";

    /** What shells give for a program that cannot be executed, and for one that is not there. */
    private static final int NOT_EXECUTABLE = 126;

    private static final int NOT_FOUND = 127;

    private final CommandLine command;
    private final Duration patience;
    private final Clock clock;
    private volatile Optional<Process> process = Optional.empty();
    private Optional<Integer> statusWithoutProcess = Optional.empty();
    private Optional<Long> deadline = Optional.empty();
    private boolean killed;
    private boolean endIsLogged;

    /** @param patience how long it may take to end after a signal, before it is killed */
    public Application(CommandLine command, Duration patience, Clock clock) {
        this.command = command;
        this.patience = patience;
        this.clock = clock;
    }

    /** Starts it. If that fails, it has ended with the exit status that shells give then. */
    public synchronized void start() {
        if (isOver()) {
            return;
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(command.words()).inheritIO();
            Optional.ofNullable(System.getProperty(LOCALE)).ifPresent(locale -> setLocale(builder, locale));
            Process started = builder.start();
            process = Optional.of(started);
            LOG.atInfo()
                    .addKeyValue("program", command.program())
                    .addKeyValue("pid", started.pid())
                    .log("application started");
            Orphans.reapAsFirstProcess(started.pid());
        } catch (IOException e) {
            statusWithoutProcess = Optional.of(notStarted(e));
        }
    }

    /** The launcher sets a locale that Java needs, and says what was there before; an empty text is none. */
    private static void setLocale(ProcessBuilder builder, String locale) {
        if (locale.isEmpty()) {
            builder.environment().remove("LC_ALL");
        } else {
            builder.environment().put("LC_ALL", locale);
        }
    }

    private int notStarted(IOException fault) {
        if (!isThere()) {
            LOG.error(
                    "the application is not started: there is no program {}. Runnel ends. Correct \"exec\".",
                    command.program());
            return NOT_FOUND;
        }
        LOG.error(
                "the application is not started: {} cannot be executed: {}. Runnel ends. Check that it is an executable"
                        + " file for this machine.",
                command.program(),
                String.valueOf(fault.getMessage()).strip());
        return NOT_EXECUTABLE;
    }

    private boolean isThere() {
        String program = command.program();
        if (program.contains(File.separator)) {
            return new File(program).exists();
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(path)
                .anyMatch(folder -> new File(folder, program).exists());
    }

    /** Waits for its end, or so long; returns whether it has ended or will never be started. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        if (process.isPresent()) {
            boolean ended = process.get().waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
            if (ended) {
                logEnd();
            } else {
                killIfOverdue();
            }
            return ended;
        }
        if (!isOver()) {
            clock.sleep(atMost);
        }
        return isOver();
    }

    private synchronized void logEnd() {
        if (!endIsLogged) {
            endIsLogged = true;
            LOG.atInfo()
                    .addKeyValue("program", command.program())
                    .addKeyValue("status", status())
                    .log("application ended");
        }
    }

    /** Without a process: whether there will never be one. */
    private synchronized boolean isOver() {
        return statusWithoutProcess.isPresent();
    }

    /**
     * Passes on a signal that ends Runnel. The first is sent as it is, and from then on there is a limit; the second kills.
     *
     * @return whether there was a process to send it to that has not been killed already
     */
    public synchronized boolean end(ProcessSignal signal) {
        if (!isRunning()) {
            if (process.isEmpty() && statusWithoutProcess.isEmpty()) {
                statusWithoutProcess = Optional.of(0);
            }
            return false;
        }
        if (killed) {
            return false;
        }
        if (deadline.isPresent()) {
            kill("a second signal");
            return true;
        }
        deadline = Optional.of(clock.ticks() + patience.toNanos());
        LOG.info(
                "SIG{} is passed to the application; Runnel ends after it. If it does not end within {} s, or at a second"
                        + " signal, it is killed.",
                signal.name(),
                patience.toSeconds());
        send(signal);
        return true;
    }

    /** Passes on a signal that does not end Runnel. */
    public synchronized void pass(ProcessSignal signal) {
        if (isRunning()) {
            LOG.info("SIG{} is passed to the application", signal.name());
            send(signal);
        }
    }

    private void send(ProcessSignal signal) {
        process.ifPresent(running -> {
            try {
                signal.send(running.pid());
            } catch (IOException e) {
                LOG.warn("SIG{} could not be sent to the application: {}", signal.name(), e.getMessage());
            }
        });
    }

    private synchronized void killIfOverdue() {
        if (deadline.isPresent() && !killed && clock.ticks() - deadline.get() >= 0) {
            kill("it did not end within " + patience.toSeconds() + " s after the signal");
        }
    }

    private void kill(String reason) {
        killed = true;
        LOG.warn("the application is killed: {}", reason);
        process.ifPresent(running -> running.toHandle().destroyForcibly());
    }

    private boolean isRunning() {
        return process.filter(Process::isAlive).isPresent();
    }

    /** Its exit status, once it has ended: 128 and the number of the signal, if it was ended by one; 0 if it never ran. */
    public synchronized int status() {
        return process.map(Process::exitValue).or(() -> statusWithoutProcess).orElse(0);
    }

    /** Ends it, if it still runs. */
    @Override
    public void close() throws IOException {
        try {
            boolean ended = !isRunning() || !end(ProcessSignal.of("TERM"));
            while (!ended) {
                ended = awaitEnd(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the application ends", e);
        }
    }
}

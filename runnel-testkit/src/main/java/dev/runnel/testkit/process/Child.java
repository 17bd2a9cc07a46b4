package dev.runnel.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program that a test runs and talks to in lines. Standard error is read with standard output. Closing it kills it, so
 * that no test leaves a process behind; a failure carries what the program said last.
 */
public final class Child implements AutoCloseable {
    private static final int KEPT_LINES = 400;
    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);

    private final String name;
    private final Process process;
    private final PrintStream input;
    private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
    private final Deque<String> transcript = new ArrayDeque<>();
    private final Thread reader;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.reader = Thread.ofVirtual().name("output of " + name).start(this::read);
    }

    /** Starts a program with additions to the environment. */
    public static Child start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            return new Child(command.getFirst(), builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    /** Runs a program to its end and gives what it printed; fails if the exit status is not 0. */
    public static List<String> run(Duration limit, List<String> command) {
        try (Child child = start(command, Map.of())) {
            child.input.close();
            int status = child.awaitExit(limit);
            if (status != 0) {
                throw new AssertionError(command + " ended with status " + status + child.said());
            }
            return List.copyOf(child.unread);
        }
    }

    public long pid() {
        return process.pid();
    }

    /** What it has open, as the system names it; without the files of its class path. Needs {@code /proc}. */
    public List<String> openFiles() {
        List<String> files = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", String.valueOf(pid()), "fd"))) {
            for (Path descriptor : descriptors.toList()) {
                // One that was closed while we looked leads nowhere.
                if (Files.isSymbolicLink(descriptor)) {
                    files.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.removeIf(file -> file.endsWith(".jar"));
        return files;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends one line to the program's standard input. */
    public void send(String line) {
        input.println(line);
        if (input.checkError()) {
            throw new ChildGone(name + " does not take input any more" + said());
        }
    }

    /** Ends the program's standard input. */
    public void endInput() {
        input.close();
    }

    /** The next line that nobody has read yet. */
    public String nextLine(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                Optional<String> line = Optional.ofNullable(unread.poll(20, TimeUnit.MILLISECONDS));
                if (line.isPresent()) {
                    return line.get();
                }
                if (!reader.isAlive() && unread.isEmpty()) {
                    throw new ChildGone(name + " has ended" + said());
                }
                if (System.nanoTime() > end) {
                    throw new AssertionError(name + " said nothing for " + limit.toMillis() + " ms" + said());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    /** Reads on until a line contains a match of the pattern, and gives that line. */
    public String awaitLine(Pattern pattern, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            String line = nextLine(left);
            if (pattern.matcher(line).find()) {
                return line;
            }
        }
    }

    /** Ends the program without giving it a chance, as {@code kill -9} does, and waits until it is gone. */
    public void kill9() {
        process.destroyForcibly();
        awaitExit(KILL_LIMIT);
    }

    /** Asks the program to end (SIGTERM), waits for it, and gives its exit status. */
    public int stop(Duration limit) {
        // Process.destroy would close our end of the program's output, and what it says last would kill it.
        process.toHandle().destroy();
        return awaitExit(limit);
    }

    /** Sends a signal by its name without SIG, such as {@code INT}, and does not wait. */
    public void signal(String name) {
        run(KILL_LIMIT, List.of("kill", "-" + name, String.valueOf(pid())));
    }

    /** Waits until the program and its output have ended, and gives its exit status. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " did not end within " + limit.toMillis() + " ms" + said());
            }
            reader.join(limit);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name + " to end", e);
        }
    }

    /** The last few hundred lines the program printed, read or not. */
    public String transcript() {
        synchronized (transcript) {
            return String.join("\n", transcript);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit(KILL_LIMIT);
    }

    private String said() {
        return ". It said:\n" + transcript();
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (transcript) {
                    transcript.addLast(line);
                    if (transcript.size() > KEPT_LINES) {
                        transcript.removeFirst();
                    }
                }
                unread.add(line);
            }
        } catch (IOException e) {
            // The stream of a process that is killed while it is read ends this way.
            unread.add("(output lost: " + e.getMessage() + ")");
        }
    }

    /** The program has ended while a test was still talking to it. */
    public static final class ChildGone extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        ChildGone(String message) {
            super(message);
        }
    }
}

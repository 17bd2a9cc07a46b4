package dev.runnel.testkit.fault;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.JavaProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * Sees from a process of its own which of SQLite's locks another process holds, without taking one. So a test can show
 * that nothing this JVM did has dropped the locks of its own connections, which no process can see for itself.
 */
public final class LockProbe implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern HELD = Pattern.compile("(\\w+):(\\d+)");

    private final Child child;

    private LockProbe(Child child) {
        this.child = child;
    }

    /** Skips the test that calls it, with a line that says why, where locks cannot be probed. */
    public static void assumePossible() {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux"), "skipped: locks are probed on 64-bit Linux only");
    }

    public static LockProbe start() {
        return new LockProbe(JavaProgram.of(LockProbe.class.getName()).start());
    }

    /** The locks on a database that a process holds; of several holders of one lock the kernel names only one. */
    public Set<SqliteLock> heldBy(long pid, Path database) {
        child.send(database.toString());
        String line = child.awaitLine(Pattern.compile("^locks"), LIMIT);
        Set<SqliteLock> held = EnumSet.noneOf(SqliteLock.class);
        HELD.matcher(line)
                .results()
                .filter(found -> Long.parseLong(found.group(2)) == pid)
                .forEach(found -> held.add(SqliteLock.valueOf(found.group(1))));
        return held;
    }

    /** The locks that this JVM holds. */
    public Set<SqliteLock> heldHere(Path database) {
        return heldBy(ProcessHandle.current().pid(), database);
    }

    @Override
    public void close() {
        child.close();
    }

    /** The probe itself: one path of a database on standard input, one line with its locks and their holders. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            StringBuilder found = new StringBuilder("locks");
            for (SqliteLock lock : SqliteLock.values()) {
                holder(lock, Path.of(line))
                        .ifPresent(pid ->
                                found.append(' ').append(lock).append(':').append(pid));
            }
            out.println(found);
        }
    }

    private static Optional<Integer> holder(SqliteLock lock, Path database) {
        try (PosixLocks locks = PosixLocks.open(lock.file(database))) {
            return locks.holder(lock.offset(), lock.length()).map(PosixLocks.Holder::pid);
        }
    }
}

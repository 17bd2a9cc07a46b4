package dev.runnel.testkit.sql;

import dev.runnel.testkit.process.Child;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A connection in the sqlite3 program: another SQLite, of another version, in a process of its own. */
public final class ShellSession implements SqlSession {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern ERROR = Pattern.compile("^(?:Parse|Runtime)? ?[Ee]rror.*");
    private static final Pattern CODE = Pattern.compile(".*\\((\\d+)\\)$");
    private static final int ANY_ERROR = 1;
    private static final String END = "-- end of answer ";

    private final Path database;
    private final Child child;
    private long asked;

    private ShellSession(Path database, Child child) {
        this.database = database;
        this.child = child;
    }

    /** Where the program is on this machine. */
    public static Optional<Path> program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "sqlite3"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Skips the test that calls it, with a line that says why, where the program is missing. */
    public static void assumeProgram() {
        Assumptions.assumeTrue(program().isPresent(), "skipped: no sqlite3 program on this machine's PATH");
    }

    public static ShellSession open(Path database) {
        return open(database, Map.of());
    }

    /** Opens a session whose process has additions to its environment. */
    public static ShellSession open(Path database, Map<String, String> environment) {
        String program = program()
                .orElseThrow(() -> new IllegalStateException("no sqlite3 program on the PATH"))
                .toString();
        Child child = Child.start(List.of(program, "-batch", "-noheader", "-list"), environment);
        ShellSession session = new ShellSession(database, child);
        session.connect();
        return session;
    }

    @Override
    public List<String> rows(String sql) throws SqlFailure {
        String end = END + ++asked;
        child.send(sql + (sql.startsWith(".") ? "" : ";"));
        child.send(".print '" + end + "'");
        List<String> rows = new ArrayList<>();
        Optional<String> error = Optional.empty();
        while (true) {
            String line = child.nextLine(LIMIT);
            if (line.equals(end)) {
                break;
            }
            if (error.isEmpty() && ERROR.matcher(line).matches()) {
                error = Optional.of(line);
            } else {
                rows.add(line);
            }
        }
        if (error.isPresent()) {
            Matcher code = CODE.matcher(error.get());
            throw new SqlFailure(
                    code.matches() ? Integer.parseInt(code.group(1)) : ANY_ERROR,
                    sql.substring(0, Math.min(80, sql.length())) + ": " + error.get());
        }
        return rows;
    }

    @Override
    public void connect() {
        command(".open '" + database + "'");
        command(".timeout 30000");
    }

    @Override
    public void disconnect() {
        command(".open :memory:");
    }

    @Override
    public void kill() {
        child.kill9();
    }

    /** Lets the program close its connection and end. */
    @Override
    public void close() {
        try (child) {
            if (child.isAlive()) {
                child.endInput();
                child.awaitExit(LIMIT);
            }
        }
    }

    private void command(String line) {
        try {
            rows(line);
        } catch (SqlFailure e) {
            throw new IllegalStateException(line, e);
        }
    }
}

package dev.runnel.testkit.sql;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.JavaProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A connection through sqlite-jdbc in a JVM of its own. */
public final class ChildSession implements SqlSession {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Child child;

    private ChildSession(Child child) {
        this.child = child;
    }

    public static ChildSession open(Path database) {
        Child child = JavaProgram.of(SqlServer.class.getName()).start(database.toString());
        ChildSession session = new ChildSession(child);
        try {
            session.answer();
        } catch (SqlFailure e) {
            child.close();
            throw new IllegalStateException("cannot open " + database, e);
        }
        return session;
    }

    @Override
    public List<String> rows(String sql) throws SqlFailure {
        child.send(sql);
        return answer();
    }

    @Override
    public void connect() {
        command(SqlServer.CONNECT);
    }

    @Override
    public void disconnect() {
        command(SqlServer.DISCONNECT);
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

    private List<String> answer() throws SqlFailure {
        List<String> rows = new ArrayList<>();
        while (true) {
            String line = child.nextLine(LIMIT);
            switch (line.isEmpty() ? ' ' : line.charAt(0)) {
                case '|' -> rows.add(line.substring(1));
                case '=' -> {
                    return rows;
                }
                case '!' -> {
                    int space = line.indexOf(' ');
                    throw new SqlFailure(Integer.parseInt(line.substring(1, space)), line.substring(space + 1));
                }
                default -> {
                    // A warning of the JVM.
                }
            }
        }
    }
}

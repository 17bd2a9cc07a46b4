package dev.runnel.testkit.sql;

import java.util.List;

/**
 * One connection to one database, in this JVM, in a JVM of its own, or in the sqlite3 program. Statements are single
 * lines. Values come back as text, columns separated by {@code |}, NULL as nothing. For one thread.
 */
public sealed interface SqlSession extends AutoCloseable permits JdbcSession, ChildSession, ShellSession {
    /** Runs one statement and gives its rows. */
    List<String> rows(String sql) throws SqlFailure;

    /** Closes the connection; the session, and its process if it has one, stays. */
    void disconnect();

    /** Opens the connection again, with SQLite's defaults and a busy timeout of 30 s. */
    void connect();

    /** Ends the session as abruptly as it can be ended: its process is killed, where it has one of its own. */
    void kill();

    @Override
    void close();

    /** Runs statements whose rows do not matter. */
    default void run(String... statements) throws SqlFailure {
        for (String sql : statements) {
            rows(sql);
        }
    }

    /** The one number that a query gives. */
    default long number(String sql) throws SqlFailure {
        return Long.parseLong(rows(sql).getFirst());
    }
}

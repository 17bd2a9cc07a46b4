package dev.runnel.tests;

import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** An application with orders in a database, in WAL mode unless told otherwise, in a process of its own. */
final class Application implements AutoCloseable {
    private static final String ALL_ORDERS = "select id, note, length(filler) from orders order by id";

    private final SqlSession session;

    private Application(SqlSession session) {
        this.session = session;
    }

    /** Starts it on a database that is there, or that it makes. */
    static Application start(Path database) throws SqlFailure {
        return start(database, ChildSession::open);
    }

    static Application start(Path database, Function<Path, SqlSession> open) throws SqlFailure {
        return start(database, open, "wal");
    }

    /** Starts one that wants another journal mode. */
    static Application startIn(String journal, Path database) throws SqlFailure {
        return start(database, ChildSession::open, journal);
    }

    private static Application start(Path database, Function<Path, SqlSession> open, String journal) throws SqlFailure {
        SqlSession session = open.apply(database);
        session.run(
                "pragma journal_mode=" + journal,
                "create table if not exists orders(id integer primary key, note, filler)");
        return new Application(session);
    }

    /** Commits one order. */
    Application order(String note) throws SqlFailure {
        session.run("insert into orders(note, filler) values('" + note + "', randomblob(300))");
        return this;
    }

    /** Commits so many orders, one by one. */
    Application orders(int count, String note) throws SqlFailure {
        for (int i = 0; i < count; i++) {
            order(note + " " + i);
        }
        return this;
    }

    /** Commits one transaction with so many kilobytes of orders. */
    Application bulk(int kilobytes) throws SqlFailure {
        session.run("with recursive n(i) as (select 1 union all select i + 1 from n where i < " + kilobytes + ") "
                + "insert into orders(note, filler) select 'bulk', randomblob(960) from n");
        return this;
    }

    /** Copies everything back and makes the WAL begin anew with the next commit. */
    Application restartWal() throws SqlFailure {
        session.run("pragma wal_checkpoint(truncate)");
        return order("first of a new WAL");
    }

    Application run(String... statements) throws SqlFailure {
        session.run(statements);
        return this;
    }

    /** All orders, as {@link #ordersIn} gives them for a restored file. */
    List<String> orders() throws SqlFailure {
        return session.rows(ALL_ORDERS);
    }

    SqlSession session() {
        return session;
    }

    void kill9() {
        session.kill();
    }

    @Override
    public void close() {
        session.close();
    }

    static List<String> ordersIn(Path restored) {
        return DatabaseOracle.rows(restored, ALL_ORDERS);
    }
}

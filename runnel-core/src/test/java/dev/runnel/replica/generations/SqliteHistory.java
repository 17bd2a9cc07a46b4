package dev.runnel.replica.generations;

import dev.runnel.ltx.PageSize;
import dev.runnel.replica.ltx.ModelDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Random;

/** A database that SQLite keeps, and all its states after each transaction. */
final class SqliteHistory implements AutoCloseable {
    static final Instant ORIGIN = Instant.parse("2026-11-21T09:00:00Z");

    private final Path file;
    private final Random random;
    private final Connection connection;
    private final ModelDatabase states;
    private long newest;

    SqliteHistory(Path file, int pageSize, long lineage, Random random) throws SQLException, IOException {
        this.file = file;
        this.random = random;
        this.states = new ModelDatabase(random, lineage, new PageSize(pageSize));
        this.connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        execute("PRAGMA page_size=" + pageSize);
        execute("PRAGMA journal_mode=WAL");
        execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a BLOB)");
        take(1);
    }

    ModelDatabase states() {
        return states;
    }

    long newest() {
        return newest;
    }

    /** A transaction: rows come, change or go, and at times the file shrinks. Gives its TXID. */
    long commit() throws SQLException, IOException {
        switch (random.nextInt(6)) {
            case 0 -> execute("DELETE FROM t WHERE id % 3 > 0");
            case 1 -> execute("VACUUM");
            case 2 -> execute("UPDATE t SET a=randomblob(" + (1 + random.nextInt(3000)) + ") WHERE id % 5 = 0");
            default -> insert();
        }
        return take(newest + 1);
    }

    /** Changes a few rows. */
    void change() throws SQLException {
        execute("UPDATE t SET a=randomblob(length(a)) WHERE id % 17 = " + random.nextInt(17));
    }

    /** Adds some rows. */
    void insert() throws SQLException {
        int rows = 1 + random.nextInt(40);
        execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows
                + ") INSERT INTO t (a) SELECT randomblob(" + (1 + random.nextInt(2000)) + ") FROM n");
    }

    /** What was done since the last time is a transaction with this TXID. */
    long take(long txid) throws SQLException, IOException {
        execute("PRAGMA wal_checkpoint(TRUNCATE)");
        newest = states.commit(txid, ORIGIN.plusSeconds(txid), Files.readAllBytes(file));
        return newest;
    }

    /** What the application writes goes on under higher TXIDs. */
    void skipTo(long txid) throws SQLException, IOException {
        insert();
        take(txid);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

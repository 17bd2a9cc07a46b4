package dev.runnel.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction that was interrupted is rolled back by the application, never by us. */
final class HotJournalTest {
    private static final byte[] MAGIC = HexFormat.of().parseHex("d9d505f920a163d7");
    private static final Duration PATIENCE = Duration.ofMillis(100);

    @TempDir
    private Path folder;

    private final Descriptors descriptors = new Descriptors(Embedding.EMBEDDED);

    @Test
    void i34InWalModeAHotJournalIsLeftToTheApplication() throws Exception {
        Path database = create("wal");
        Files.write(journal(database), MAGIC);
        assertThatThrownBy(() -> SourceFiles.open(database, descriptors, PATIENCE))
                .isInstanceOf(SourceException.HotJournal.class)
                .hasMessageContaining("interrupted transaction");
        assertThat(journal(database)).hasBinaryContent(MAGIC);
    }

    @Test
    void i34InWalModeAJournalThatIsDoneWithIsNoObstacle() throws Exception {
        Path database = create("wal");
        // What TRUNCATE and PERSIST leave behind, and a journal whose header was never written.
        for (byte[] done : new byte[][] {new byte[0], new byte[512], {(byte) 0xd9, (byte) 0xd5}}) {
            Files.write(journal(database), done);
            SourceFiles.open(database, descriptors, PATIENCE).close();
        }
    }

    @Test
    void i34InRollbackModeAHotJournalIsLeftToTheApplication() throws Exception {
        Path database = create("delete");
        Path crashed = crashInTheMiddle(database);
        byte[] file = Files.readAllBytes(crashed);
        byte[] journal = Files.readAllBytes(journal(crashed));
        try (RollbackFiles files = new RollbackFiles(DatabaseFile.open(crashed, descriptors), PATIENCE)) {
            assertThatThrownBy(() -> files.lock().close())
                    .isInstanceOf(SourceException.HotJournal.class)
                    .hasMessageContaining("interrupted transaction");
            assertThat(crashed).hasBinaryContent(file);
            assertThat(journal(crashed)).hasBinaryContent(journal);
            run(crashed, "select count(*) from t");
            assertThat(journal(crashed))
                    .as("journal, rolled back by the application")
                    .doesNotExist();
            files.lock().close();
        }
    }

    @Test
    void i34InRollbackModeATransactionUnderWayIsNoObstacle() throws Exception {
        Path database = create("delete");
        try (Connection writer = connect(database);
                Statement sql = writer.createStatement();
                RollbackFiles files = new RollbackFiles(DatabaseFile.open(database, descriptors), PATIENCE)) {
            sql.execute("begin immediate");
            sql.execute("insert into t values (2)");
            assertThat(journal(database)).exists();
            files.lock().close();
            sql.execute("commit");
            files.lock().close();
        }
    }

    /** A copy of a database and its journal as they are when pages of a transaction have reached the file. */
    private Path crashInTheMiddle(Path database) throws SQLException, IOException {
        Path crashed = folder.resolve("crashed.db");
        try (Connection writer = connect(database);
                Statement sql = writer.createStatement()) {
            sql.execute("pragma cache_size=2");
            sql.execute("begin immediate");
            sql.execute(
                    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20) insert into t select"
                            + " randomblob(20000) from n");
            Files.copy(database, crashed);
            Files.copy(journal(database), journal(crashed));
            sql.execute("rollback");
        }
        return crashed;
    }

    private Path create(String mode) throws SQLException {
        Path database = folder.resolve("app.db");
        run(database, "pragma journal_mode=" + mode, "create table t(x)", "insert into t values (1)");
        return database;
    }

    private static void run(Path database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement sql = connection.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }

    private static Connection connect(Path database) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database);
    }

    private static Path journal(Path database) {
        return database.resolveSibling(database.getFileName() + "-journal");
    }
}

package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.LedgerBuilder;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogException;
import dev.runnel.log.LogFile;
import dev.runnel.log.LogLimits;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.Descriptors;
import dev.runnel.sqlite.Embedding;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;

/** Change sets are closed while the application goes on, and while the disk refuses them. */
final class LocalHistoryTest {
    private static final PageSize PAGE_SIZE = new PageSize(4096);
    private static final Disk DISK = Disk.system();

    @TempDir
    private Path folder;

    private Connection application;
    private Capture capture;
    private LocalHistory history;
    private int turns;
    private final SetClock clock = new SetClock();

    /** A wall clock that is set by a test. */
    private static final class SetClock implements Clock {
        private Instant now = Instant.parse("2026-11-21T09:00:00Z");

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public long ticks() {
            return System.nanoTime();
        }
    }

    @BeforeEach
    void follow() throws IOException, SQLException {
        Path database = database();
        application = DriverManager.getConnection("jdbc:sqlite:" + database);
        sql("pragma journal_mode=wal", "pragma synchronous=off", "create table t(id integer primary key, b)");
        insert(2_000);
        sql("pragma wal_checkpoint(truncate)");
        SourceFiles files = SourceFiles.open(database, new Descriptors(Embedding.EMBEDDED), Duration.ofSeconds(1));
        capture = Capture.fresh(files, DISK, folder);
        ChangeLog log = ChangeLog.open(DISK, folder.resolve("log"), new LogLimits(1L << 30));
        history = new LocalHistory(log, ledger(), 1, Instant.EPOCH, DISK, folder.resolve("position"), clock);
    }

    @AfterEach
    void letGo() throws IOException, SQLException {
        capture.close();
        history.close();
        application.close();
    }

    @Test
    void whatIsCapturedWhileAChangeSetIsClosedIsOfTheNextOne() throws IOException, SQLException {
        sql("update t set b = randomblob(900)");
        capture.handOver();
        long expected = databaseChecksum();
        LogFile first = close(() -> {
            turns++;
            change("update t set b = randomblob(900) where id % 100 = " + turns);
            capture.handOver();
        });
        assertThat(turns).as("times following went on").isGreaterThan(3);
        assertThat(first.proof().databaseChecksum()).isEqualTo(expected);
        assertThat(close(ProgressHook.NOTHING).proof().databaseChecksum()).isEqualTo(databaseChecksum());
        assertThat(capture.hasChangeSet()).isFalse();
        history.ledger().recomputeDatabaseChecksum();
    }

    @Test
    void aChangeSetThatCouldNotBeClosedIsTheNextOneAllTheSame() throws IOException, SQLException {
        sql("update t set b = 1 where id = 1000");
        capture.handOver();
        long expected = databaseChecksum();
        Path inTheWay = folder.resolve("log/0000000000000002.change.tmp");
        Files.createFile(inTheWay);
        assertThatThrownBy(() -> close(ProgressHook.NOTHING)).isInstanceOf(LogException.Taken.class);
        sql("delete from t where id > 1500", "vacuum");
        capture.handOver();
        assertThatThrownBy(() -> close(ProgressHook.NOTHING)).isInstanceOf(LogException.Taken.class);
        Files.delete(inTheWay);
        assertThat(close(ProgressHook.NOTHING).proof().databaseChecksum()).isEqualTo(expected);
        assertThat(close(ProgressHook.NOTHING).proof().databaseChecksum()).isEqualTo(databaseChecksum());
        assertThat(capture.hasChangeSet()).isFalse();
        history.ledger().recomputeDatabaseChecksum();
    }

    @Test
    void i47ChangeSetsHaveTheTimesOfTheClockAlsoAfterItWasSetBack() throws IOException, SQLException {
        Instant right = clock.now;
        clock.now = right.plus(Duration.ofDays(3650));
        assertThat(changeSet().time()).isEqualTo(clock.now);
        clock.now = right;
        assertThat(changeSet().time()).isEqualTo(right);
        clock.now = right.minus(Duration.ofHours(2));
        assertThat(changeSet().time()).isEqualTo(clock.now);
    }

    @Test
    void i47AClockThatIsAdjustedByLessThanASecondMakesNoTimeDecrease() throws IOException, SQLException {
        Instant right = clock.now;
        assertThat(changeSet().time()).isEqualTo(right);
        clock.now = right.minusMillis(900);
        assertThat(changeSet().time()).isEqualTo(right);
        clock.now = right.minusMillis(1001);
        assertThat(changeSet().time()).isEqualTo(clock.now);
    }

    private LogFile changeSet() throws IOException, SQLException {
        turns++;
        sql("update t set b = " + turns + " where id = 7");
        capture.handOver();
        return close(ProgressHook.NOTHING);
    }

    private LogFile close(ProgressHook meanwhile) throws IOException {
        assertThat(capture.hasChangeSet()).isTrue();
        return history.close(capture, FileIdentity.of(database()).withoutTime(), meanwhile)
                .orElseThrow();
    }

    private Ledger ledger() throws IOException, SQLException {
        byte[] image = image();
        try (LedgerBuilder builder = Ledger.create(DISK, folder.resolve("ledger"), PAGE_SIZE, new Txid(1))) {
            for (int page = 1; page <= image.length / PAGE_SIZE.bytes(); page++) {
                builder.set(page, checksum(image, page));
            }
            return builder.finish(image.length / PAGE_SIZE.bytes());
        }
    }

    private long databaseChecksum() throws SQLException {
        byte[] image = image();
        long checksum = Checksums.EMPTY;
        for (int page = 1; page <= image.length / PAGE_SIZE.bytes(); page++) {
            checksum = Checksums.with(checksum, page, checksum(image, page));
        }
        return checksum;
    }

    private static long checksum(byte[] image, int page) {
        return Checksums.page(page, image, (page - 1) * PAGE_SIZE.bytes(), PAGE_SIZE.bytes());
    }

    /** The database as SQLite gives it: the file with everything committed in the WAL. */
    private byte[] image() throws SQLException {
        return application.unwrap(SQLiteConnection.class).serialize("main");
    }

    private void insert(int rows) throws SQLException {
        sql("with recursive n(i) as (select 1 union all select i + 1 from n where i < " + rows
                + ") insert into t(b) select randomblob(900) from n");
    }

    private void change(String statement) {
        try {
            sql(statement);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private void sql(String... statements) throws SQLException {
        try (Statement sql = application.createStatement()) {
            for (String statement : statements) {
                sql.execute(statement);
            }
        }
    }

    private Path database() {
        return folder.resolve("app.db");
    }
}

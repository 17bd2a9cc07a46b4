package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.capture.LocalHistory;
import dev.runnel.capture.RollbackCapture;
import dev.runnel.capture.RollbackLedger;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogLimits;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.DatabaseFile;
import dev.runnel.sqlite.Descriptors;
import dev.runnel.sqlite.Embedding;
import dev.runnel.sqlite.RollbackFiles;
import dev.runnel.sqlite.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that cannot be read in the time that one lock may last, on a clock of which every look takes 30 ms. */
final class RollbackFollowingTest {
    private static final Disk DISK = Disk.system();
    private static final int MANY_STEPS = 20_000;

    @TempDir
    private Path folder;

    private final HastyClock clock = new HastyClock();
    private Optional<RollbackCapture> capture = Optional.empty();
    private int changeSets;

    @Test
    void writtenWithoutAPauseItIsDegradedWithAReasonAndHealthyAfterOnePause() throws Exception {
        Path database = folder.resolve("app.db");
        try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = application.createStatement()) {
            sql.execute("pragma synchronous=off");
            sql.execute("create table t(id integer primary key, b)");
            sql.execute("insert into t values (1, zeroblob(24000000))");
            sql.execute("insert into t values (2, 0)");
            try (Following following = follow(database)) {
                stepUntil(following, sql, "update t set b = b + 1 where id = 2", Health.Degraded.class);
                assertThat(((Health.Degraded) following.health()).reason())
                        .contains("changes more often than it can be read");
                assertThat(changeSets).isZero();
                stepUntil(following, sql, "select 1", Health.Healthy.class);
                assertThat(changeSets).isEqualTo(1);
            }
        }
    }

    @Test
    void scansTakeATwentiethOfTheTimeAtMost() throws Exception {
        Path database = folder.resolve("app.db");
        try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = application.createStatement()) {
            sql.execute("pragma synchronous=off");
            sql.execute("create table t(id integer primary key, b)");
            sql.execute("insert into t values (1, zeroblob(100000))");
            sql.execute("insert into t values (2, 0)");
            try (Following following = follow(database)) {
                long begun = clock.ticks();
                for (int i = 0; i < MANY_STEPS / 10; i++) {
                    sql.execute("update t set b = b + 1 where id = 2");
                    following.step();
                }
                assertThat(changeSets).as("change sets").isGreaterThan(3);
                assertThat(capture.orElseThrow().lockedNanos())
                        .isLessThan((clock.ticks() - begun) / 20 + 1_000_000_000);
            }
        }
    }

    /** What was committed under this name is in the other file now, and that was not read. */
    @Test
    void i41AfterALinkLeadsElsewhereNothingIsReportedAsCaptured() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), made("first.db"));
        try (Following following = follow(link)) {
            assertThat(following.flush()).isTrue();
            assertThat(following.upcoming()).contains(following.history().txid());
            Files.delete(link);
            Files.createSymbolicLink(link, made("second.db"));
            assertThatExceptionOfType(SourceException.Discontinuity.class).isThrownBy(following::upcoming);
            assertThatExceptionOfType(SourceException.Discontinuity.class).isThrownBy(following::flush);
        }
    }

    private Path made(String name) throws SQLException {
        Path database = folder.resolve(name);
        try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = application.createStatement()) {
            sql.execute("create table t(a)");
        }
        return database;
    }

    private void stepUntil(Following following, Statement sql, String meanwhile, Class<? extends Health> health)
            throws IOException, SQLException {
        for (int i = 0; i < MANY_STEPS; i++) {
            sql.execute(meanwhile);
            following.step();
            if (health.isInstance(following.health())) {
                return;
            }
        }
        throw new AssertionError("not " + health + " but " + following.health());
    }

    private Following follow(Path database) throws IOException {
        RollbackFiles files = new RollbackFiles(
                DatabaseFile.open(database, new Descriptors(Embedding.EMBEDDED)), Duration.ofSeconds(1));
        Optional<RollbackLedger.Built> made = Optional.empty();
        try (RollbackLedger making = new RollbackLedger(files, new Txid(1), DISK, folder.resolve("ledger"), clock)) {
            while (made.isEmpty()) {
                made = making.step();
            }
        }
        RollbackLedger.Built built = made.get();
        ChangeLog log = ChangeLog.open(DISK, folder.resolve("log"), new LogLimits(1L << 30));
        LocalHistory history =
                new LocalHistory(log, built.ledger(), 1, Instant.EPOCH, DISK, folder.resolve("position"), clock);
        capture = Optional.of(
                new RollbackCapture(files, Optional.of(built.state()), built.ledger(), clock, DISK, folder));
        return new RollbackFollowing(
                DatabaseSpec.of(database, List.of()), capture.orElseThrow(), history, clock, _ -> changeSets++);
    }

    private static final class HastyClock implements Clock {
        private long ticks;

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(ticks);
        }

        @Override
        public long ticks() {
            ticks += Duration.ofMillis(30).toNanos();
            return ticks;
        }
    }
}

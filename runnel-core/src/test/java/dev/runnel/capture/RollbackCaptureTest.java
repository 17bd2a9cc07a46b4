package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogLimits;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.DatabaseFile;
import dev.runnel.sqlite.Descriptors;
import dev.runnel.sqlite.Embedding;
import dev.runnel.sqlite.RollbackFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application in rollback mode and a capture take turns in one thread, in an order that a seed decides; time passes so
 * fast that a lock is over after one read. Every change set must lead to what the file is at a commit; every
 * image that is read to its end must be what the database was when it began.
 */
final class RollbackCaptureTest {
    private static final int STEPS = Integer.getInteger("runnel.rounds", 700);
    private static final Disk DISK = Disk.system();

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("runnel.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Path database = Path.of("");
    private byte[] image = new byte[0];
    private Optional<PageImage> reading = Optional.empty();
    private boolean keeping;
    private byte[] begun = new byte[0];
    private byte[] copied = new byte[0];
    private int changeSets;
    private int interrupted;
    private int imagesRead;
    private int keptImagesOfChangedDatabase;
    private int imagesOutdated;
    private boolean readingKept;

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void i1i4i11EveryChangeSetIsACommittedStateAndEveryImageIsOfOneMoment(int pageSize) throws Exception {
        System.out.println("seed " + seed + " (-Drunnel.seed)");
        database = folder.resolve("app.db");
        try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = application.createStatement()) {
            sql.execute("pragma page_size=" + pageSize);
            sql.execute("pragma synchronous=off");
            sql.executeQuery("pragma busy_timeout=0").close();
            sql.execute("create table t(id integer primary key, b)");
            insert(application, 300);
            Descriptors descriptors = new Descriptors(Embedding.EMBEDDED);
            RollbackFiles files = new RollbackFiles(DatabaseFile.open(database, descriptors), Duration.ofSeconds(1));
            Clock clock = new HastyClock();
            Optional<RollbackLedger.Built> made = Optional.empty();
            try (RollbackLedger making =
                    new RollbackLedger(files, new Txid(1), DISK, folder.resolve("ledger"), clock)) {
                while (made.isEmpty()) {
                    made = making.step();
                }
            }
            RollbackLedger.Built built = made.get();
            image = bytes();
            ChangeLog log = ChangeLog.open(DISK, folder.resolve("log"), new LogLimits(1L << 30));
            try (LocalHistory history = new LocalHistory(
                            log, built.ledger(), 1, Instant.EPOCH, DISK, folder.resolve("position"), clock);
                    RollbackCapture capture = new RollbackCapture(
                            files, Optional.of(built.state()), built.ledger(), clock, DISK, folder)) {
                takeTurns(application, sql, capture, history);
            }
        }
        System.out.printf(
                "%d change sets, %d scans interrupted, %d images, %d kept while the database changed, %d outdated%n",
                changeSets, interrupted, imagesRead, keptImagesOfChangedDatabase, imagesOutdated);
        assertThat(changeSets).as("change sets").isPositive();
        assertThat(interrupted).as("interrupted scans").isPositive();
        assertThat(imagesRead).as("images").isPositive();
        assertThat(keptImagesOfChangedDatabase).as("kept images").isPositive();
        assertThat(imagesOutdated).as("outdated images").isPositive();
    }

    private void takeTurns(Connection application, Statement sql, RollbackCapture capture, LocalHistory history)
            throws IOException, SQLException {
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(8) == 0) {
                act(application, sql);
            }
            if (capture.isBehind() && random.nextInt(2) == 0) {
                scan(capture, history);
            }
            if (random.nextInt(2) == 0) {
                read(capture, history);
            }
        }
        while (capture.isBehind()) {
            scan(capture, history);
        }
        history.ledger().recomputeDatabaseChecksum();
    }

    private void act(Connection application, Statement sql) throws SQLException {
        int what = random.nextInt(100);
        if (what < 50) {
            insert(application, 1 + random.nextInt(10));
        } else if (what < 60) {
            sql.execute("delete from t where id % 31 = " + random.nextInt(31));
        } else if (what < 65) {
            sql.execute("vacuum");
        } else if (what < 75) {
            sql.execute("update t set b = randomblob(length(b)) where id % 11 = " + random.nextInt(11));
        } else if (what < 85) {
            // Back to what it was: pages are written and do not differ.
            sql.execute("update t set b = b where id % 5 = 0");
        } else {
            String mode = new String[] {"delete", "truncate", "persist", "memory"}[random.nextInt(4)];
            sql.executeQuery("pragma journal_mode=" + mode).close();
        }
    }

    private void insert(Connection application, int rows) throws SQLException {
        application.setAutoCommit(false);
        try (PreparedStatement insert = application.prepareStatement("insert into t(b) values (?)")) {
            for (int i = 0; i < rows; i++) {
                byte[] value = new byte[random.nextInt(9000)];
                random.nextBytes(value);
                insert.setBytes(1, value);
                insert.execute();
            }
        }
        application.commit();
        application.setAutoCommit(true);
    }

    private void scan(RollbackCapture capture, LocalHistory history) throws IOException {
        switch (capture.scan()) {
            case ScanStep.UnderWay() -> assertThat(capture.hasChangeSet()).isFalse();
            case ScanStep.Interrupted() -> interrupted++;
            case ScanStep.Complete _ -> {
                apply(
                        capture.seal(capture.capturedFile()).changes(),
                        capture.pageSize().bytes());
                assertThat(Arrays.mismatch(image, bytes()))
                        .as("first byte that differs, seed %d", seed)
                        .isEqualTo(-1);
                history.close(capture, capture.capturedFile().withoutTime(), ProgressHook.NOTHING);
                changeSets++;
                if (keeping) {
                    begin(capture.image(PageFilter.all(), Long.MAX_VALUE));
                    readingKept = true;
                    keeping = false;
                }
            }
        }
    }

    private void apply(OpenChangeSet open, int pageSize) throws IOException {
        open.requireGrowthComplete();
        image = Arrays.copyOf(image, open.pageCount() * pageSize);
        open.forEachPage(page -> open.read(page, image, (page - 1) * pageSize));
    }

    private void begin(PageImage of) {
        reading = Optional.of(of);
        begun = image.clone();
        copied = new byte[begun.length];
    }

    private void read(RollbackCapture capture, LocalHistory history) throws IOException {
        if (reading.isEmpty()) {
            if (!keeping && random.nextInt(4) == 0) {
                assertThat(capture.keepPages(Txid.NONE, Long.MAX_VALUE)).isTrue();
                keeping = true;
            } else if (!keeping && capture.isWhole()) {
                begin(capture.image(PageFilter.all(), Long.MAX_VALUE));
                readingKept = false;
            }
            return;
        }
        int pageSize = capture.pageSize().bytes();
        PageChunk chunk =
                new PageChunk(pageSize, 1 + random.nextInt(history.ledger().pageCount() / 3));
        try {
            reading.get().read(chunk);
        } catch (ImageOutdated e) {
            assertThat(readingKept)
                    .as("a kept image was outdated, seed %d", seed)
                    .isFalse();
            imagesOutdated++;
            end();
            return;
        }
        chunk.readTo((page, data, offset) -> System.arraycopy(data, offset, copied, (page - 1) * pageSize, pageSize));
        if (chunk.isEmpty()) {
            end();
            imagesRead++;
            keptImagesOfChangedDatabase += readingKept && !Arrays.equals(begun, bytes()) ? 1 : 0;
            assertThat(Arrays.mismatch(copied, begun))
                    .as("first byte of the image that differs, seed %d", seed)
                    .isEqualTo(-1);
        }
    }

    private void end() throws IOException {
        reading.orElseThrow().close();
        reading = Optional.empty();
    }

    /** Between transactions the file is the database. Nobody holds a lock now that closing it could drop. */
    private byte[] bytes() throws IOException {
        return Files.readAllBytes(database);
    }

    /** Every look at it takes 30 ms. */
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

package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.platform.Disk;
import dev.runnel.sqlite.Descriptors;
import dev.runnel.sqlite.Embedding;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConnection;

/**
 * An application and a capture take turns in one thread, in an order that a seed decides. Every change set, however long
 * ago it was sealed, must make of the image kept from captured pages alone what SQLite itself gave for the database when
 * it was sealed; every stable image must be what the database was when it began.
 */
final class CaptureTest {
    private static final int STEPS = Integer.getInteger("runnel.rounds", 600);
    private static final Disk DISK = Disk.system();

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("runnel.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private byte[] image = new byte[0];
    private Optional<SealedChangeSet> sealed = Optional.empty();
    private byte[] sealedAs = new byte[0];
    private int capturedWhileSealed;
    private Optional<StableImage> reading = Optional.empty();
    private byte[] begun = new byte[0];
    private byte[] copied = new byte[0];
    private int imagesRead;
    private int imagesOfChangedDatabase;

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 4096, 65536})
    void i1i4i11EveryHandOverIsACommittedStateAndEveryImageIsOfOneMoment(int pageSize) throws Exception {
        System.out.println("seed " + seed + " (-Drunnel.seed)");
        Path database = folder.resolve("app.db");
        try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = application.createStatement()) {
            sql.execute("pragma page_size=" + pageSize);
            sql.executeQuery("pragma journal_mode=wal").close();
            sql.execute("pragma synchronous=off");
            sql.executeQuery("pragma wal_autocheckpoint=" + (random.nextBoolean() ? 0 : 20))
                    .close();
            sql.executeQuery("pragma busy_timeout=0").close();
            sql.execute("create table t(id integer primary key, b)");
            SourceFiles files = SourceFiles.open(database, new Descriptors(Embedding.EMBEDDED), Duration.ofSeconds(1));
            try (Capture capture = Capture.fresh(files, DISK, folder)) {
                image = bytes(application);
                for (int step = 0; step < STEPS; step++) {
                    act(application, sql);
                    if (random.nextInt(3) == 0) {
                        handOver(capture, application);
                    }
                    if (random.nextInt(2) == 0) {
                        read(capture, application);
                    }
                }
                while (sealed.isPresent() || capture.hasChangeSet()) {
                    handOver(capture, application);
                }
                assertEqual(image, bytes(application));
                assertThat(capture.counters().restarts())
                        .as("WAL restarts seen")
                        .isPositive();
                assertThat(capture.counters().onMarkZero())
                        .as("hand-overs on mark 0")
                        .isPositive();
            }
        }
        assertThat(capturedWhileSealed)
                .as("hand-overs that found changes after what was sealed")
                .isPositive();
        assertThat(imagesRead).as("images read").isPositive();
        assertThat(imagesOfChangedDatabase)
                .as("images of a database that changed meanwhile")
                .isPositive();
    }

    private void act(Connection application, Statement sql) throws SQLException {
        int what = random.nextInt(100);
        if (what < 70) {
            insert(application, 1 + random.nextInt(10));
        } else if (what < 80) {
            sql.execute("delete from t where id % 7 = " + random.nextInt(7));
        } else if (what < 82) {
            sql.execute("vacuum");
        } else if (what < 90) {
            sql.execute("update t set b = randomblob(length(b)) where id % 11 = " + random.nextInt(11));
        } else {
            String mode = new String[] {"passive", "full", "restart", "truncate"}[random.nextInt(4)];
            sql.executeQuery("pragma wal_checkpoint(" + mode + ")").close();
        }
    }

    private void insert(Connection application, int rows) throws SQLException {
        application.setAutoCommit(false);
        try (PreparedStatement insert = application.prepareStatement("insert into t(b) values (?)")) {
            for (int i = 0; i < rows; i++) {
                byte[] value = new byte[random.nextInt(3000)];
                random.nextBytes(value);
                insert.setBytes(1, value);
                insert.execute();
            }
        }
        application.commit();
        application.setAutoCommit(true);
    }

    private void handOver(Capture capture, Connection application) throws IOException, SQLException {
        capture.handOver();
        if (sealed.isPresent()) {
            capturedWhileSealed += Arrays.equals(sealedAs, bytes(application)) ? 0 : 1;
            if (random.nextBoolean()) {
                close(capture, sealed.get());
            }
        } else if (capture.hasChangeSet()) {
            sealed = Optional.of(capture.seal(FileIdentity.of(folder.resolve("app.db"))));
            sealedAs = bytes(application);
        }
    }

    private void close(Capture capture, SealedChangeSet due) throws IOException {
        assertThat(capture.seal(FileIdentity.of(folder.resolve("app.db"))))
                .as("sealed again before it is released")
                .isSameAs(due);
        OpenChangeSet changes = due.changes();
        changes.requireGrowthComplete();
        int pageSize = capture.pageSize().bytes();
        image = Arrays.copyOf(image, changes.pageCount() * pageSize);
        changes.forEachPage(page -> changes.read(page, image, (page - 1) * pageSize));
        assertEqual(image, sealedAs);
        capture.release(due);
        sealed = Optional.empty();
    }

    private void read(Capture capture, Connection application) throws IOException, SQLException {
        if (reading.isEmpty()) {
            capture.handOver();
            reading = Optional.of(capture.beginImage(PageFilter.all(), Long.MAX_VALUE));
            begun = bytes(application);
            copied = new byte[begun.length];
            return;
        }
        int pageSize = capture.pageSize().bytes();
        PageChunk chunk = new PageChunk(pageSize, 1 + random.nextInt(8));
        capture.readImage(reading.get(), chunk);
        chunk.readTo((page, data, offset) -> System.arraycopy(data, offset, copied, (page - 1) * pageSize, pageSize));
        if (chunk.isEmpty()) {
            capture.endImage(reading.get());
            reading = Optional.empty();
            imagesRead++;
            imagesOfChangedDatabase += Arrays.equals(begun, bytes(application)) ? 0 : 1;
            assertEqual(copied, begun);
        }
    }

    private void assertEqual(byte[] found, byte[] expected) {
        assertThat(Arrays.mismatch(found, expected))
                .as("first byte that differs, seed %d", seed)
                .isEqualTo(-1);
    }

    /** The database as SQLite gives it: the file with everything committed in the WAL. */
    private static byte[] bytes(Connection application) throws SQLException {
        return application.unwrap(SQLiteConnection.class).serialize("main");
    }
}

package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.sqlite.SyntheticWal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What WALs give, held against SQLite, which copies the same WALs back into the same database. */
class WalReplayTest {
    private static final RestoreTarget LATEST = new RestoreTarget.Latest();
    private static final int ROUNDS = 15;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void randomWalsGiveWhatSqliteMakesOfThem(int pageSize) throws Exception {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            SyntheticReplica replica = new SyntheticReplica(folder.resolve("scratch"));
            byte[] database = database(pageSize, 2 + random.nextInt(12));
            Path oracle = Files.write(folder.resolve("oracle.db"), database);
            replica.snapshot(0, database);
            int wals = 1 + random.nextInt(4);
            for (int index = 0; index < wals; index++) {
                SyntheticWal wal = wal(pageSize, index, (int) Files.size(oracle) / pageSize, random);
                int cut = segments(replica, index, wal, pageSize, random);
                Files.write(folder.resolve("oracle.db-wal"), Arrays.copyOf(wal.bytes(), cut));
                checkpoint(oracle);
            }

            assertThat(replica.restore(LATEST))
                    .as("seed %d, %d bytes a page", seed, pageSize)
                    .isEqualTo(Files.readAllBytes(oracle));
        }
    }

    /** Cuts a WAL into segments; gives its length. */
    private static int segments(SyntheticReplica replica, int index, SyntheticWal wal, int pageSize, Random random)
            throws IOException {
        byte[] bytes = wal.bytes();
        int start = 0;
        while (start < bytes.length) {
            int from = start == 0 ? 32 : start;
            int frames = (bytes.length - from) / (pageSize + 24);
            int end = from + random.nextInt(frames + 1) * (pageSize + 24);
            if (end > start) {
                replica.segment(index, start, Arrays.copyOfRange(bytes, start, end));
                start = end;
            }
        }
        return bytes.length;
    }

    /** Transactions that let the database grow and shrink, and leave pages unwritten when it grows; at least one. */
    private static SyntheticWal wal(int pageSize, int index, int pages, Random random) {
        int magic = random.nextBoolean() ? SyntheticWal.LITTLE : SyntheticWal.BIG;
        SyntheticWal wal = new SyntheticWal(magic, pageSize, index, random.nextInt(), random.nextInt());
        int transactions = 1 + random.nextInt(5);
        int written = 0;
        for (int i = 0; i < transactions; i++) {
            int frames = 1 + random.nextInt(4);
            written += frames;
            // SQLite takes a WAL for damaged that lets the database grow by more pages than it has frames.
            int size = 2 + random.nextInt(Math.min(14, pages + written - 1));
            for (int k = 1; k <= frames; k++) {
                byte[] page = new byte[pageSize];
                random.nextBytes(page);
                wal.frame(2 + random.nextInt(size - 1), k == frames ? size : 0, page);
            }
        }
        return wal;
    }

    /** A database in WAL mode of so many pages; SQLite takes its size from the file or the WAL, not from its header. */
    private byte[] database(int pageSize, int pages) throws IOException, SQLException {
        Path file = folder.resolve("new.db");
        Files.deleteIfExists(file);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size=" + pageSize);
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("CREATE TABLE t (a)");
        }
        byte[] database = Arrays.copyOf(Files.readAllBytes(file), pages * pageSize);
        ByteBuffer.wrap(database).putInt(28, pages).putInt(92, 12345);
        return database;
    }

    private static void checkpoint(Path database) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            assertThat(row.getInt(1)).isZero();
        }
    }

    @Test
    void aTransactionThatIsNotThereToItsEndIsLeftOut() throws Exception {
        byte[] database = database(512, 4);
        SyntheticWal wal = new SyntheticWal(SyntheticWal.LITTLE, 512, 0, 1, 2);
        wal.frame(2, 4, page(1)).frame(3, 0, page(2)).frame(2, 0, page(3));
        SyntheticReplica replica = new SyntheticReplica(folder.resolve("scratch"));
        replica.snapshot(0, database);
        replica.segment(0, 0, wal.bytes());

        byte[] restored = replica.restore(LATEST);

        System.arraycopy(page(1), 0, database, 512, 512);
        assertThat(restored).isEqualTo(database);
        replica.segment(1, 0, new SyntheticWal(SyntheticWal.LITTLE, 512, 1, 3, 4).bytes());
        assertThatThrownBy(() -> replica.restore(LATEST))
                .isInstanceOf(ReplicaException.Damaged.class)
                .hasMessageContaining("a segment after it is missing");
    }

    @Test
    void framesOfAnotherWalAndPartsOfFramesAreDamage() throws Exception {
        SyntheticReplica replica = new SyntheticReplica(folder.resolve("scratch"));
        byte[] wal = new SyntheticWal(SyntheticWal.LITTLE, 512, 0, 1, 2)
                .frame(2, 4, page(1))
                .bytes();
        byte[] other = new SyntheticWal(SyntheticWal.LITTLE, 512, 0, 1, 3)
                .frame(2, 4, page(1))
                .bytes();
        replica.snapshot(0, database(512, 4));
        replica.segment(0, 0, wal);
        replica.segment(0, wal.length, Arrays.copyOfRange(other, 32, other.length));
        assertThatThrownBy(() -> replica.restore(LATEST)).hasMessageContaining("frame 2 of its WAL does not continue");

        replica.segment(0, wal.length, Arrays.copyOf(other, 100));
        assertThatThrownBy(() -> replica.restore(LATEST)).hasMessageContaining("ends within a frame");
    }

    @Test
    void aSizeThatNothingSpeaksForIsDamage() throws Exception {
        SyntheticReplica replica = new SyntheticReplica(folder.resolve("scratch"));
        replica.snapshot(0, database(512, 4));
        replica.segment(
                0,
                0,
                new SyntheticWal(SyntheticWal.LITTLE, 512, 0, 1, 2)
                        .frame(2, 1_000_000, page(1))
                        .bytes());

        assertThatThrownBy(() -> replica.restore(LATEST))
                .isInstanceOf(ReplicaException.Damaged.class)
                .hasMessageContaining("has to have 1000000 pages, and the snapshot has 4");
    }

    private static byte[] page(int content) {
        byte[] page = new byte[512];
        Arrays.fill(page, (byte) content);
        return page;
    }
}

package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.Descriptors;
import dev.runnel.sqlite.Embedding;
import dev.runnel.sqlite.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a forced WAL reset costs, in bytes that this process reads and writes meanwhile. */
final class WalKeeperTest {
    private static final Path COUNTS = Path.of("/proc/self/io");
    private static final long LIMIT = 8 << 20;
    private static final int WAL_KILOBYTES = 10 << 10;
    private static final int TRANSACTIONS = 20;
    private static final int SMALL_KILOBYTES = 12 << 10;
    private static final int LARGE_KILOBYTES = 72 << 10;

    @TempDir
    private Path folder;

    @Test
    void i3TheForcedWalResetMovesWhatTheWalHoldsHoweverLargeTheDatabaseIs() throws IOException, SQLException {
        Assumptions.assumeTrue(Files.isReadable(COUNTS), "skipped: no /proc/self/io here");
        forcedReset("classes are loaded", SMALL_KILOBYTES);
        long small = forcedReset("small", SMALL_KILOBYTES);
        long large = forcedReset("large", LARGE_KILOBYTES);
        assertThat(small).as("bytes moved").isGreaterThan(WAL_KILOBYTES << 10);
        assertThat(large)
                .as("bytes moved, where the small database took %d", small)
                .isLessThan(small + small / 4);
    }

    /** Lets a WAL pass its limit, and gives the bytes that were moved to have the next commit begin it anew. */
    private long forcedReset(String name, int kilobytes) throws IOException, SQLException {
        Path database = folder.resolve(name);
        try (Connection application = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement sql = application.createStatement()) {
            for (String pragma : new String[] {"journal_mode=wal", "wal_autocheckpoint=0", "cache_size=-1000"}) {
                sql.execute("pragma " + pragma);
            }
            sql.execute("pragma synchronous=off");
            sql.execute("create table t(id integer primary key, b)");
            sql.execute("with recursive n(i) as (select 1 union all select i + 1 from n where i < " + kilobytes
                    + ") insert into t(b) select randomblob(960) from n");
            sql.execute("pragma wal_checkpoint(truncate)");
            SourceFiles files = SourceFiles.open(database, new Descriptors(Embedding.EMBEDDED), Duration.ofSeconds(1));
            try (Capture capture = Capture.fresh(files, Disk.system(), folder)) {
                for (int i = 0; i < TRANSACTIONS; i++) {
                    int first = i * WAL_KILOBYTES / TRANSACTIONS;
                    sql.execute("update t set b = randomblob(960) where id > " + first + " and id <= "
                            + (first + WAL_KILOBYTES / TRANSACTIONS));
                }
                WalKeeper keeper = new WalKeeper(capture, LIMIT, Clock.system());
                int frames = capture.peek().lastFrame();
                long before = bytesMoved();
                assertThat(keeper.look(capture.peek(), Clock.system().ticks(), 0))
                        .isTrue();
                long moved = bytesMoved() - before;
                sql.execute("insert into t(b) values (1)");
                assertThat(capture.peek().lastFrame())
                        .as("frames after the next commit")
                        .isLessThan(frames / 2);
                return moved;
            }
        }
    }

    /** By read and write calls of this process so far. */
    private static long bytesMoved() throws IOException {
        return Files.readAllLines(COUNTS).stream()
                .filter(line -> line.startsWith("rchar:") || line.startsWith("wchar:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }
}

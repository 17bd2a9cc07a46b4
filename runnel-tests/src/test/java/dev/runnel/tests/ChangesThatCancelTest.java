package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commits that a CRC of a page, or an XOR of such CRCs, does not see. Each test makes sure that its commit is one of
 * them, and that it is at the replica nevertheless.
 */
@Tag("slow")
class ChangesThatCancelTest {
    private static final int PAGE_SIZE = 4096;
    private static final int TABLE_LEAF = 13;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    /** The rows of a leaf page. */
    private record Leaf(long first, long last, int rows) {}

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @Test
    void i43OneColumnChangedOverTwoFullLeavesIsShippedAfterTheLocalFolderWasLost() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            application.run(
                    "create table account(id integer primary key, status integer not null, note blob not null)",
                    "with recursive n(i) as (select 1000 union all select i + 1 from n where i < 2999)"
                            + " insert into account select i, 2, zeroblob(100) from n");
        }
        byte[] before = read(scene.database());
        runOnce();
        Scene.deleteTree(scene.metaFolder());
        List<Leaf> leaves = fullLeaves(before);
        try (Application application = Application.start(scene.database())) {
            application.run("update account set status = 3 where id between "
                    + leaves.get(0).first() + " and " + leaves.get(1).last());
        }
        assertSameBitsChangedInTwoPages(before, read(scene.database()));
        assertNextRunShipsIt();
    }

    @Test
    void i43TwoNumbersChangedInOnePageAreShippedWhileRunnelRuns() throws SqlFailure {
        byte[] before = databaseOfTwoNumbers();
        try (ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            changeTwoNumbers();
            assertCrcBlindChange(before, read(scene.database()));
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        assertRestores();
    }

    @Test
    void i43TwoNumbersChangedInOnePageAreFoundByAScan() throws SqlFailure {
        byte[] before = databaseOfTwoNumbers();
        runOnce();
        changeTwoNumbers();
        assertCrcBlindChange(before, read(scene.database()));
        assertNextRunShipsIt();
    }

    @Test
    void i43ALocalHistoryWithTheChecksumThatMissedChangesIsMadeAnewFromTheReplica() throws SqlFailure {
        Application.start(scene.database()).orders(5, "shipped").close();
        runOnce();
        giveOldTags(scene.metaFolder().resolve("log"));
        Application.start(scene.database()).orders(5, "while it was down").close();
        assertThat(assertNextRunShipsIt()).contains("another version of Runnel");
    }

    /** Runs Runnel until the database is at the replica. */
    private void runOnce() {
        try (ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        assertRestores();
    }

    /** What Runnel has to say when it starts again and finds a change. */
    private String assertNextRunShipsIt() {
        long before = scene.replica().newestTxid();
        try (ProgramEngine engine = scene.startRunnel()) {
            engine.awaitTxid(before + 1);
            assertThat(engine.stop()).as(engine.log()).isZero();
            assertRestores();
            return engine.log();
        }
    }

    private void assertRestores() {
        Path restored = new Restores(scene.replicaFolder(), folder).latest();
        DatabaseOracle.assertSameBytes(scene.database(), restored);
        Restores.discard(restored);
    }

    /** Two columns of eight bytes each, in one row. */
    private byte[] databaseOfTwoNumbers() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            application.run(
                    "create table counter(id integer primary key, packets integer, bytes integer)",
                    "insert into counter values(1, 0x7000000000000000, 0x7000000000000000)");
        }
        return read(scene.database());
    }

    private void changeTwoNumbers() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            application.run("update counter set packets = packets + 16, bytes = bytes + 27");
        }
        // Whoever closes the database last copies the WAL back; that may be Runnel, a little later.
        Await.until("the WAL is backfilled", LIMIT, () -> Files.notExists(scene.file("app.db-wal")));
    }

    private static void assertCrcBlindChange(byte[] before, byte[] after) {
        Map<Integer, Integer> changed = differences(before, after);
        assertThat(changed.values()).containsExactly(0x10, 0x1b);
        List<Integer> places = List.copyOf(changed.keySet());
        assertThat(places.get(1) - places.get(0)).isEqualTo(8);
    }

    private static void assertSameBitsChangedInTwoPages(byte[] before, byte[] after) {
        Map<Integer, Map<Integer, Integer>> byPage = new TreeMap<>();
        differences(before, after)
                .forEach((place, bits) -> byPage.computeIfAbsent(place / PAGE_SIZE, _ -> new TreeMap<>())
                        .put(place % PAGE_SIZE, bits));
        assertThat(byPage).hasSize(2);
        List<Map<Integer, Integer>> pages = List.copyOf(byPage.values());
        assertThat(pages.get(0)).isNotEmpty().isEqualTo(pages.get(1));
    }

    /** The bytes that differ: where, and in which bits. */
    private static Map<Integer, Integer> differences(byte[] before, byte[] after) {
        assertThat(after).hasSameSizeAs(before);
        Map<Integer, Integer> differences = new TreeMap<>();
        for (int i = 0; i < before.length; i++) {
            if (before[i] != after[i]) {
                differences.put(i, (before[i] ^ after[i]) & 0xff);
            }
        }
        return differences;
    }

    /** The leaves of the table of accounts that hold as many rows as any, by their rows. */
    private static List<Leaf> fullLeaves(byte[] database) {
        List<Leaf> leaves = new ArrayList<>();
        for (int start = PAGE_SIZE; start < database.length; start += PAGE_SIZE) {
            ByteBuffer page = ByteBuffer.wrap(database, start, PAGE_SIZE).slice();
            int rows = page.getShort(3);
            if (page.get(0) == TABLE_LEAF && rows > 0 && rowid(page, 0) >= 1000) {
                leaves.add(new Leaf(rowid(page, 0), rowid(page, rows - 1), rows));
            }
        }
        int most = leaves.stream().mapToInt(Leaf::rows).max().orElseThrow();
        return leaves.stream()
                .filter(leaf -> leaf.rows() == most)
                .sorted(Comparator.comparingLong(Leaf::first))
                .toList();
    }

    private static long rowid(ByteBuffer page, int cell) {
        int at = page.getShort(8 + 2 * cell) & 0xffff;
        while (page.get(at++) < 0) {
            // The payload size comes before the rowid.
        }
        long rowid = 0;
        byte next;
        do {
            next = page.get(at++);
            rowid = (rowid << 7) | (next & 0x7f);
        } while (next < 0);
        return rowid;
    }

    /** What the LTX headers of the change log said before the checksum was changed. */
    private static void giveOldTags(Path log) {
        try (Stream<Path> files = Files.list(log)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".change")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                ByteBuffer.wrap(bytes).putInt(80, 0x524E4C31);
                Files.write(file, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the file while no connection of this process has it open. */
    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

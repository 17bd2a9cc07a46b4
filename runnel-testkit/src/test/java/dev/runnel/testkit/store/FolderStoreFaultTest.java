package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.platform.Clock;
import dev.runnel.platform.FileInfo;
import dev.runnel.store.ByteRange;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.CrashDisk.Fault;
import dev.runnel.testkit.Seeds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Puts on a disk of which each operation fails once, and of which the power is cut at each operation. */
final class FolderStoreFaultTest {
    private static final Path ROOT = Path.of("/backup/app");
    private static final String KEY = "ltx/0/0000000000000001-0000000000000001.ltx";
    private static final Instant TIME = Instant.parse("2026-11-21T09:00:00.123Z");
    private static final byte[] OLD = StoreTraits.randomBytes(5_000);
    private static final byte[] NEW = StoreTraits.randomBytes(200_000);

    /** What is there before, and how the put is to treat it. */
    enum Case {
        CREATE,
        REPLACE_NOTHING,
        REPLACE;

        Optional<byte[]> before() {
            return this == REPLACE ? Optional.of(OLD) : Optional.empty();
        }

        PutOptions options() {
            return this == CREATE ? PutOptions.onlyIfAbsent(TIME) : PutOptions.replace(TIME);
        }
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void i16PutOnAFailingDiskIsWholeOrDidNotHappen(Case given) throws IOException {
        for (Fault fault : List.of(Fault.INPUT_OUTPUT_ERROR, Fault.DISK_FULL)) {
            long n = 1;
            while (failsAt(n, fault, given)) {
                n++;
            }
            assertThat(n).as("operations of a put").isGreaterThan(fault == Fault.DISK_FULL ? 1 : 8);
        }
    }

    /** Whether there was an n-th operation to fail. */
    private static boolean failsAt(long n, Fault fault, Case given) throws IOException {
        CrashDisk disk = disk(given);
        FolderStore store = new FolderStore(disk, ROOT);
        long before = disk.operations();
        disk.failAt(n, fault);
        boolean failed = false;
        try {
            store.put(KEY, Bodies.of(NEW), given.options());
        } catch (StoreException e) {
            failed = true;
        }
        boolean reached = disk.operations() - before >= n;
        disk.heal();
        assertThat(content(store))
                .as("operation %d", n)
                .satisfiesAnyOf(now -> assertSame(now, given.before()), now -> assertSame(now, Optional.of(NEW)));
        if (!failed) {
            assertSame(content(store), Optional.of(NEW));
        }
        store.put(KEY, Bodies.of(NEW), PutOptions.replace(TIME));
        assertThat(disk.list(ROOT.resolve("ltx/0"))).extracting(FileInfo::name).hasSizeLessThanOrEqualTo(2);
        assertThat(list(store)).extracting(ObjectInfo::key).containsExactly(KEY);
        return reached;
    }

    @ParameterizedTest
    @EnumSource(Case.class)
    void i16PowerLossAtAnyMomentLeavesTheOldOrTheNewObjectWhole(Case given) throws IOException {
        long seed = Seeds.of("power loss in a put");
        Random random = new Random(seed);
        long operations = operationsOfAPut(given);
        for (long n = 1; n <= operations + 1; n++) {
            for (int i = 0; i < 20; i++) {
                CrashDisk disk = disk(given);
                disk.failFrom(n, Fault.POWER_LOSS);
                boolean done = put(new FolderStore(disk, ROOT), given.options());
                disk.crash(random.nextLong());

                FolderStore store = new FolderStore(disk, ROOT);
                Optional<byte[]> after = content(store);
                assertThat(after)
                        .as("operation %d", n)
                        .satisfiesAnyOf(
                                now -> assertSame(now, given.before()), now -> assertSame(now, Optional.of(NEW)));
                if (done) {
                    assertSame(after, Optional.of(NEW));
                    assertThat(store.stat(KEY).orElseThrow().time()).isEqualTo(TIME);
                }
            }
        }
    }

    @Test
    void i16ObjectThatIsSaidToExistSurvivesPowerLoss() throws IOException {
        long seed = Seeds.of("existing object and power loss");
        Random random = new Random(seed);
        long operations = operationsOfAPut(Case.CREATE);
        int existed = 0;
        for (long n = 1; n <= operations; n++) {
            for (int i = 0; i < 20; i++) {
                CrashDisk disk = disk(Case.CREATE);
                FolderStore store = new FolderStore(disk, ROOT);
                disk.failAt(n, Fault.INPUT_OUTPUT_ERROR);
                put(store, Case.CREATE.options());
                disk.heal();
                if (store.stat(KEY).isPresent()) {
                    existed++;
                    assertThatExceptionOfType(StoreException.Exists.class)
                            .isThrownBy(() -> store.put(KEY, Bodies.of(NEW), Case.CREATE.options()));
                    disk.crash(random.nextLong());
                    assertSame(content(new FolderStore(disk, ROOT)), Optional.of(NEW));
                }
            }
        }
        assertThat(existed).as("puts that failed and were there").isPositive();
    }

    private static long operationsOfAPut(Case given) throws IOException {
        CrashDisk disk = disk(given);
        long before = disk.operations();
        new FolderStore(disk, ROOT).put(KEY, Bodies.of(NEW), given.options());
        return disk.operations() - before;
    }

    private static CrashDisk disk(Case given) throws IOException {
        CrashDisk disk = new CrashDisk(Clock.system());
        if (given.before().isPresent()) {
            new FolderStore(disk, ROOT).put(KEY, Bodies.of(given.before().get()), PutOptions.replace(TIME));
        }
        return disk;
    }

    private static boolean put(FolderStore store, PutOptions options) {
        try {
            store.put(KEY, Bodies.of(NEW), options);
            return true;
        } catch (StoreException e) {
            return false;
        }
    }

    private static Optional<byte[]> content(FolderStore store) throws IOException {
        if (store.stat(KEY).isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = store.open(KEY, ByteRange.ALL)) {
            return Optional.of(in.readAllBytes());
        }
    }

    private static void assertSame(Optional<byte[]> found, Optional<byte[]> expected) {
        assertThat(found.map(Arrays::hashCode)).isEqualTo(expected.map(Arrays::hashCode));
    }

    private static List<ObjectInfo> list(FolderStore store) throws IOException {
        try (Stream<ObjectInfo> listing = store.list("", Optional.empty())) {
            return listing.toList();
        }
    }
}

package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import dev.runnel.testkit.CrashDisk.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CrashDiskTest implements DiskContract {
    private static final int SEEDS = 200;
    private static final Path FOLDER = Path.of("/meta");

    private CrashDisk disk = new CrashDisk(Clock.system());

    @BeforeEach
    void makeFolder() throws IOException {
        disk.createFolders(FOLDER);
    }

    @Override
    public Disk disk() {
        return disk;
    }

    @Override
    public Path folder() {
        return FOLDER;
    }

    @Test
    void syncedBytesUnderASyncedNameSurviveEveryCrash() throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            restart();
            try (DiskFile file = create("a.tmp", 10_000, 1)) {
                file.sync();
            }
            disk.publishNew(FOLDER.resolve("a.tmp"), FOLDER.resolve("a"));
            disk.crash(seed);
            assertThat(read("a")).hasSize(10_000).containsOnly(1);
            assertThat(names()).containsExactly("a");
        }
    }

    @Test
    void unsyncedBytesSurviveInSectorsInEveryCombination() throws IOException {
        Set<Integer> sizes = new HashSet<>();
        Set<List<Boolean>> patterns = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            restart();
            try (DiskFile file = create("a", 4 * 512, 1)) {
                file.sync();
                disk.syncFolder(FOLDER);
                file.write(filled(3 * 512, 2), 256);
            }
            disk.crash(seed);
            byte[] after = read("a");
            sizes.add(after.length);
            patterns.add(List.of(after[256] == 2, after[512] == 2, after[1024] == 2, after[1536] == 2));
            for (int i = 0; i < after.length; i++) {
                boolean firstOfSector = i % 512 == 0 || i == 256;
                boolean sameAsBefore = firstOfSector || after[i] == after[i - 1];
                assertThat(sameAsBefore || i == 1536 + 256).as("byte %d", i).isTrue();
            }
        }
        assertThat(sizes).containsExactly(2048);
        assertThat(patterns).hasSizeGreaterThan(8);
    }

    @Test
    void anUnsyncedExtensionSurvivesInPartWithZerosForTheRest() throws IOException {
        boolean sawHole = false;
        for (long seed = 0; seed < SEEDS; seed++) {
            restart();
            try (DiskFile file = create("a", 512, 1)) {
                file.sync();
                disk.syncFolder(FOLDER);
                file.write(filled(8192, 2), 512);
            }
            disk.crash(seed);
            byte[] after = read("a");
            assertThat(Arrays.copyOf(after, 512)).containsOnly(1);
            sawHole |= after.length > 1024 && after[512] == 0;
            for (byte each : Arrays.copyOfRange(after, 512, after.length)) {
                assertThat(each).isIn((byte) 0, (byte) 2);
            }
        }
        assertThat(sawHole).isTrue();
    }

    @Test
    void anUnsyncedNameSurvivesOrNotAndItsContentIsAsDurableAsItWas() throws IOException {
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            restart();
            try (DiskFile file = create("a", 100, 1)) {
                file.sync();
            }
            disk.crash(seed);
            seen.add(names().toString());
            if (names().contains("a")) {
                assertThat(read("a")).hasSize(100).containsOnly(1);
            }
        }
        assertThat(seen).containsExactlyInAnyOrder("[]", "[a]");
    }

    @Test
    void aReplacementThatWasNotSyncedIsAllOrNothing() throws IOException {
        Set<Integer> seen = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            restart();
            for (int i = 1; i <= 2; i++) {
                try (DiskFile file = create("a" + i, 100, i)) {
                    file.sync();
                }
            }
            disk.publish(FOLDER.resolve("a1"), FOLDER.resolve("a"));
            disk.failAt(2, Fault.INPUT_OUTPUT_ERROR);
            assertThatThrownBy(() -> disk.publish(FOLDER.resolve("a2"), FOLDER.resolve("a")))
                    .hasMessage("Input/output error");
            disk.crash(seed);
            seen.add((int) read("a")[0]);
            assertThat(names()).isEqualTo(read("a")[0] == 1 ? List.of("a", "a2") : List.of("a"));
        }
        assertThat(seen).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void aDeletionIsDurableOnlyWithItsFolder() throws IOException {
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            restart();
            create("a", 1, 1).close();
            disk.syncFolder(FOLDER);
            disk.delete(FOLDER.resolve("a"));
            disk.crash(seed);
            seen.add(names().toString());
            disk.delete(FOLDER.resolve("a"));
            disk.syncFolder(FOLDER);
            disk.crash(seed);
            assertThat(names()).isEmpty();
        }
        assertThat(seen).containsExactlyInAnyOrder("[]", "[a]");
    }

    @Test
    void filesOpenAtACrashAreDead() throws IOException {
        try (DiskFile file = create("a", 1, 1)) {
            disk.crash(1);
            assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
        }
    }

    @Test
    void oneOperationOrAllFromOneOnFail() throws IOException {
        long before = disk.operations();
        disk.failAt(2, Fault.INPUT_OUTPUT_ERROR);
        disk.syncFolder(FOLDER);
        assertThatThrownBy(() -> disk.syncFolder(FOLDER)).hasMessage("Input/output error");
        disk.syncFolder(FOLDER);
        assertThat(disk.operations()).isEqualTo(before + 3);
        disk.failFrom(1, Fault.POWER_LOSS);
        assertThatThrownBy(() -> disk.syncFolder(FOLDER)).hasMessage("Power lost");
        assertThatThrownBy(() -> disk.list(FOLDER)).hasMessage("Power lost");
        disk.heal();
        disk.syncFolder(FOLDER);
    }

    @Test
    void whatAFailedSyncWasToSaveIsNotSavedByTheNext() throws IOException {
        try (DiskFile file = create("a", 100, 1)) {
            file.sync();
            disk.syncFolder(FOLDER);
            file.write(filled(50, 2), 0);
            disk.failAt(1, Fault.INPUT_OUTPUT_ERROR);
            assertThatThrownBy(file::sync).hasMessage("Input/output error");
            file.write(filled(10, 3), 90);
            file.sync();
        }
        assertThat(Arrays.copyOf(read("a"), 50)).containsOnly(2);
        disk.crash(1);
        assertThat(Arrays.copyOf(read("a"), 90)).containsOnly(1);
        assertThat(Arrays.copyOfRange(read("a"), 90, 100)).containsOnly(3);
    }

    @Test
    void aFullDiskStillReadsDeletesAndSyncs() throws IOException {
        try (DiskFile file = create("a", 100, 1)) {
            disk.failFrom(1, Fault.DISK_FULL);
            assertThatThrownBy(() -> file.write(filled(100, 2), 0)).hasMessage("No space left on device");
            file.sync();
        }
        assertThatThrownBy(() -> disk.create(FOLDER.resolve("b"))).hasMessage("No space left on device");
        assertThat(Arrays.copyOf(read("a"), 50)).as("half was written").containsOnly(2);
        assertThat(Arrays.copyOfRange(read("a"), 50, 100)).containsOnly(1);
        disk.delete(FOLDER.resolve("a"));
        assertThat(names()).isEmpty();
    }

    private void restart() throws IOException {
        disk = new CrashDisk(Clock.system());
        makeFolder();
    }

    private DiskFile create(String name, int size, int value) throws IOException {
        DiskFile file = disk.create(FOLDER.resolve(name));
        file.write(filled(size, value), 0);
        return file;
    }

    private byte[] read(String name) throws IOException {
        try (DiskFile file = disk.openToRead(FOLDER.resolve(name))) {
            ByteBuffer into = ByteBuffer.allocate((int) file.size());
            file.read(into, 0);
            return into.array();
        }
    }

    private List<String> names() throws IOException {
        return disk.list(FOLDER).stream().map(FileInfo::name).sorted().toList();
    }

    private static ByteBuffer filled(int size, int value) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }
}

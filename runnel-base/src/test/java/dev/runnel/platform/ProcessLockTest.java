package dev.runnel.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessLockTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    Path folder;

    @Test
    void i46AFullDiskIsAnErrorAndNotAnotherHolder() throws IOException {
        Assumptions.assumeTrue(Files.exists(FULL), "skipped: no /dev/full here");
        Path file = folder.resolve("lock");
        Files.createSymbolicLink(file, FULL);
        assertThatThrownBy(() -> ProcessLock.tryTake(file)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ProcessLock.tryTake(file)).isInstanceOf(IOException.class);
        Files.delete(file);
        assertThat(ProcessLock.tryTake(file)).isInstanceOf(ProcessLock.Attempt.Taken.class);
    }

    @Test
    void whatThisProcessHoldsIsNotOpenedASecondTime() throws IOException {
        Path file = folder.resolve("lock");
        ProcessLock.Attempt first = ProcessLock.tryTake(file);
        assertThat(first).isInstanceOf(ProcessLock.Attempt.Taken.class);
        assertThat(ProcessLock.tryTake(file)).isEqualTo(new ProcessLock.Attempt.HeldBy("this process"));
        assertThat(locksOfThisProcess())
                .as("the lock survives the second attempt")
                .isTrue();
        ((ProcessLock.Attempt.Taken) first).lock().close();
        assertThat(ProcessLock.tryTake(file)).isInstanceOf(ProcessLock.Attempt.Taken.class);
    }

    /** Closing a lock twice does not release it for its next holder. */
    @Test
    void closingASecondTimeLeavesTheNextHolderAlone() throws IOException {
        Path file = folder.resolve("lock");
        ProcessLock.Attempt first = ProcessLock.tryTake(file);
        ((ProcessLock.Attempt.Taken) first).lock().close();
        assertThat(ProcessLock.tryTake(file)).isInstanceOf(ProcessLock.Attempt.Taken.class);
        ((ProcessLock.Attempt.Taken) first).lock().close();
        assertThat(ProcessLock.tryTake(file)).isEqualTo(new ProcessLock.Attempt.HeldBy("this process"));
        assertThat(locksOfThisProcess()).isTrue();
    }

    @Test
    void aLockGoesWithItsFileWhenItsFolderIsRenamed() throws IOException {
        Path before = Files.createDirectory(folder.resolve("before"));
        ProcessLock.Attempt first = ProcessLock.tryTake(before.resolve("lock"));
        assertThat(first).isInstanceOf(ProcessLock.Attempt.Taken.class);
        Path after = Files.move(before, folder.resolve("after"));
        assertThat(ProcessLock.tryTake(after.resolve("lock")))
                .isEqualTo(new ProcessLock.Attempt.HeldBy("this process"));
        ((ProcessLock.Attempt.Taken) first).lock().close();
        assertThat(ProcessLock.tryTake(after.resolve("lock"))).isInstanceOf(ProcessLock.Attempt.Taken.class);
    }

    @Test
    void whoHoldsItCanBeAskedWithoutTakingIt() throws IOException {
        Path file = folder.resolve("lock");
        assertThat(ProcessLock.otherHolder(Disk.system(), folder.resolve("missing/lock")))
                .isEmpty();
        assertThat(ProcessLock.otherHolder(Disk.system(), file)).isEmpty();
        Files.writeString(file, "process 12\n");
        assertThat(ProcessLock.otherHolder(Disk.system(), file)).hasValue("process 12");
        assertThat(ProcessLock.tryTake(file)).isInstanceOf(ProcessLock.Attempt.Taken.class);
    }

    /** Under another name too: closing the file once would drop the lock. */
    @Test
    void askingForTheHolderKeepsTheLockOfThisProcess() throws IOException {
        Path file = folder.resolve("lock");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        assertThat(ProcessLock.tryTake(file)).isInstanceOf(ProcessLock.Attempt.Taken.class);
        assertThat(ProcessLock.otherHolder(Disk.system(), link.resolve("lock"))).isEmpty();
        assertThat(locksOfThisProcess()).isTrue();
    }

    /** Whether the system knows of a POSIX write lock of this process on a file of the inode. */
    private boolean locksOfThisProcess() throws IOException {
        Path locks = Path.of("/proc/locks");
        Assumptions.assumeTrue(Files.exists(locks), "skipped: no /proc/locks here");
        String inode = ":" + Files.getAttribute(folder.resolve("lock"), "unix:ino") + " ";
        return Files.readAllLines(locks).stream().anyMatch(line -> line.contains(inode) && line.contains("WRITE"));
    }
}

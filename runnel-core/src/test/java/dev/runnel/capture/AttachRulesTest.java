package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.sqlite.FileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps us from attaching is named, with a next step; what does not is no obstacle. */
final class AttachRulesTest {
    private static final int NOBODY_SPECIAL = 54321;

    @TempDir
    private Path folder;

    private Path database = Path.of("");
    private Path ownFile = Path.of("");

    @BeforeEach
    void makeFiles() throws IOException {
        database = Files.write(folder.resolve("app.db"), new byte[4096]);
        ownFile = Files.write(folder.resolve("own"), new byte[1]);
    }

    @Test
    void i34AFileOfOursThatHoldsSomethingIsNoObstacle() throws IOException {
        assertThat(check()).isEmpty();
    }

    @Test
    void i34AMissingFileIsWaitedFor() throws IOException {
        Files.delete(database);
        names("does not exist");
    }

    @Test
    void i34AnEmptyFileIsWaitedFor() throws IOException {
        Files.write(database, new byte[0]);
        names("is empty");
    }

    @Test
    void i34AFolderIsNoDatabase() throws IOException {
        Files.delete(database);
        Files.createDirectory(database);
        names("is not a file");
    }

    @Test
    void i34ADatabaseOfAnotherUserIsAttachedOnlyWhereItsFilesAreThere() throws IOException {
        Assumptions.assumeTrue(
                (int) Files.getAttribute(ownFile, "unix:uid") == 0, "skipped: only root can give a file away");
        Files.setAttribute(ownFile, "unix:uid", NOBODY_SPECIAL);
        names("belongs to another user");
        Files.write(folder.resolve("app.db-wal"), new byte[0]);
        names("belongs to another user");
        Files.write(folder.resolve("app.db-shm"), new byte[0]);
        assertThat(check()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0x6969,nfs4", "0xFF534D42,cifs", "0x01021997,9p", "0x65735546,fuse.sshfs", "0x65735546,fuse.s3fs"})
    void i53AFileSystemOfAnotherMachineIsRefusedUnlessTheOperatorAllowsIt(String kind, String mountedAs) {
        FileSystem remote = new FileSystem(Long.decode(kind), Optional.of(mountedAs), false);
        AttachRules.Obstacle obstacle = AttachRules.check(database, remote, AttachRules.FileSystems.LOCAL)
                .orElseThrow();
        assertThat(obstacle.nextStep()).contains("file-system: any");
        assertThat(AttachRules.check(database, remote, AttachRules.FileSystems.ANY))
                .isEmpty();
        assertThat(AttachRules.advice(database, remote).orElseThrow()).contains("another machine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fuse.mergerfs", "fuse.shfs", "fuse.fuse-overlayfs", "fuseblk", "virtiofs"})
    void i53AFileSystemInUserSpaceIsFollowedWithOneWarning(String mountedAs) {
        FileSystem fuse = new FileSystem(FileSystem.FUSE, Optional.of(mountedAs), false);
        assertThat(AttachRules.check(database, fuse, AttachRules.FileSystems.LOCAL))
                .isEmpty();
        assertThat(AttachRules.advice(database, fuse).orElseThrow()).contains(mountedAs);
    }

    @Test
    void i53AFileSystemThatTheTableOfMountsLacksIsNoObstacle() {
        FileSystem ext4 = new FileSystem(0xEF53, Optional.empty(), false);
        assertThat(AttachRules.check(database, ext4, AttachRules.FileSystems.LOCAL))
                .isEmpty();
        assertThat(AttachRules.advice(database, ext4)).isEmpty();
        FileSystem nfs = new FileSystem(0x6969, Optional.empty(), false);
        assertThat(AttachRules.check(database, nfs, AttachRules.FileSystems.LOCAL))
                .as("the kernel knows it all the same")
                .isPresent();
    }

    @Test
    void i53TheKernelTellsTheKindOfAnyFileSystem() throws IOException {
        FileSystem proc = FileSystem.of(Path.of("/proc/self/stat"));
        assertThat(proc.kind()).isEqualTo(0x9fa0);
        assertThat(FileSystem.of(database).isReadOnly()).isFalse();
    }

    private Optional<AttachRules.Obstacle> check() throws IOException {
        return AttachRules.check(database, ownFile, AttachRules.FileSystems.LOCAL);
    }

    private void names(String reason) throws IOException {
        AttachRules.Obstacle obstacle = check().orElseThrow();
        assertThat(obstacle.reason()).contains(database.toString()).contains(reason);
        assertThat(obstacle.nextStep()).isNotBlank();
    }
}

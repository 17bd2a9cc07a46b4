package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link Disk} does. A test class of a disk implements it. */
public interface DiskContract {
    /** The disk under test, the same one during a test. */
    Disk disk();

    /** A folder of this disk that exists and is empty. */
    Path folder();

    @Test
    default void whatWasWrittenIsReadBack() throws IOException {
        Path path = folder().resolve("a");
        try (DiskFile file = disk().create(path)) {
            file.write(bytes("hello world"), 0);
            file.write(bytes("WORLD"), 6);
            file.sync();
            assertThat(file.size()).isEqualTo(11);
        }
        assertThat(content(path)).isEqualTo("hello WORLD");
    }

    @Test
    default void readingStopsAtTheEndAndSaysHowMuchItGot() throws IOException {
        Path path = folder().resolve("a");
        write(path, "hello");
        try (DiskFile file = disk().openToRead(path)) {
            ByteBuffer into = ByteBuffer.allocate(8);
            assertThat(file.read(into, 2)).isEqualTo(3);
            assertThat(into.position()).isEqualTo(3);
            assertThat(file.read(into, 5)).isZero();
            assertThat(file.read(into, 500)).isZero();
        }
    }

    @Test
    default void aGapAndAnExtensionReadAsZeros() throws IOException {
        try (DiskFile file = disk().create(folder().resolve("a"))) {
            file.write(bytes("abcdef"), 0);
            file.setSize(2);
            file.setSize(4);
            file.write(bytes("z"), 6);
            ByteBuffer into = ByteBuffer.allocate(10);
            assertThat(file.read(into, 0)).isEqualTo(7);
            assertThat(into.array()).containsExactly('a', 'b', 0, 0, 0, 0, 'z', 0, 0, 0);
        }
    }

    @Test
    default void creatingFailsWhereTheNameIsTaken() throws IOException {
        Path path = folder().resolve("a");
        write(path, "first");
        assertThatThrownBy(() -> disk().create(path)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(content(path)).isEqualTo("first");
    }

    @Test
    default void aMissingFileIsNamed() {
        Path path = folder().resolve("a");
        Path deep = folder().resolve("none").resolve("a");
        for (Path missing : List.of(path, deep)) {
            assertThatThrownBy(() -> disk().open(missing))
                    .isInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining(missing.toString());
            assertThatThrownBy(() -> disk().openToRead(missing)).isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> disk().publish(missing, folder().resolve("b")))
                    .isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> disk().publishNew(missing, folder().resolve("b")))
                    .isInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> disk().setTime(missing, Instant.EPOCH)).isInstanceOf(NoSuchFileException.class);
        }
        assertThatThrownBy(() -> disk().create(deep)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk().syncFolder(folder().resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    default void aFileOpenedToReadIsNotWritten() throws IOException {
        Path path = folder().resolve("a");
        write(path, "first");
        try (DiskFile file = disk().openToRead(path)) {
            assertThatThrownBy(() -> file.write(bytes("x"), 0)).isInstanceOf(NonWritableChannelException.class);
        }
        assertThat(content(path)).isEqualTo("first");
    }

    @Test
    default void publishReplacesWhatHadTheName() throws IOException {
        Path temp = folder().resolve("a.tmp");
        Path target = folder().resolve("a");
        write(temp, "new");
        write(target, "old");
        disk().publish(temp, target);
        assertThat(content(target)).isEqualTo("new");
        assertThat(disk().stat(temp)).isEmpty();
    }

    @Test
    default void publishNewTakesOnlyAFreeName() throws IOException {
        Path temp = folder().resolve("a.tmp");
        Path target = folder().resolve("a");
        write(temp, "new");
        disk().publishNew(temp, target);
        assertThat(content(target)).isEqualTo("new");
        assertThat(disk().stat(temp)).isEmpty();

        write(temp, "newer");
        assertThatThrownBy(() -> disk().publishNew(temp, target)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(content(target)).isEqualTo("new");
        assertThat(content(temp)).isEqualTo("newer");
    }

    @Test
    default void anOpenFileOutlivesItsName() throws IOException {
        Path path = folder().resolve("a");
        write(path, "old");
        try (DiskFile file = disk().openToRead(path)) {
            disk().delete(path);
            write(path, "new");
            ByteBuffer into = ByteBuffer.allocate(3);
            file.read(into, 0);
            assertThat(into.array()).isEqualTo("old".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    default void deletingWhatIsNotThereIsFine() throws IOException {
        disk().delete(folder().resolve("a"));
        disk().delete(folder().resolve("none").resolve("a"));
    }

    @Test
    default void onlyAnEmptyFolderIsDeleted() throws IOException {
        Path inner = folder().resolve("inner");
        disk().createFolders(inner);
        write(inner.resolve("a"), "x");
        assertThatThrownBy(() -> disk().delete(inner)).isInstanceOf(DirectoryNotEmptyException.class);
        disk().delete(inner.resolve("a"));
        disk().delete(inner);
        assertThat(disk().list(folder())).isEmpty();
    }

    @Test
    default void foldersAreCreatedWithTheirParentsAndMayExist() throws IOException {
        Path deep = folder().resolve("x").resolve("y");
        disk().createFolders(deep);
        disk().createFolders(deep);
        assertThat(disk().stat(deep)).get().returns(true, FileInfo::isFolder).returns("y", FileInfo::name);
        write(deep.resolve("a"), "file");
        assertThatThrownBy(() -> disk().createFolders(deep.resolve("a")))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    default void aListingHoldsFilesAndFoldersOfOneFolderOnly() throws IOException {
        assertThat(disk().list(folder().resolve("none"))).isEmpty();
        write(folder().resolve("a"), "hello");
        disk().createFolders(folder().resolve("x").resolve("y"));
        assertThat(disk().list(folder())).extracting(FileInfo::name).containsExactlyInAnyOrder("a", "x");
        assertThat(disk().list(folder()))
                .filteredOn(info -> !info.isFolder())
                .singleElement()
                .returns(5L, FileInfo::size);
    }

    @Test
    default void timesAreKept() throws IOException {
        Path path = folder().resolve("a");
        write(path, "hello");
        Instant time = Instant.parse("2024-02-29T12:34:56.789Z");
        disk().setTime(path, time);
        assertThat(disk().stat(path)).get().returns(time, FileInfo::modified);
        assertThat(disk().stat(folder().resolve("none"))).isEmpty();
    }

    private void write(Path path, String text) throws IOException {
        try (DiskFile file = disk().create(path)) {
            file.write(bytes(text), 0);
            file.sync();
        }
    }

    private String content(Path path) throws IOException {
        try (DiskFile file = disk().openToRead(path)) {
            ByteBuffer into = ByteBuffer.allocate((int) file.size());
            file.read(into, 0);
            return new String(into.array(), StandardCharsets.UTF_8);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}

package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.platform.Disk;
import dev.runnel.store.ByteRange;
import dev.runnel.store.FolderStore;
import dev.runnel.store.Leftover;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a folder: names, permissions, leftovers. */
final class FolderStoreTest {
    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final String KEY = "ltx/0/0000000000000001-0000000000000001.ltx";

    @TempDir
    private Path parent;

    @Test
    void keyIsThePathBelowTheRoot() throws IOException {
        store().put(KEY, Bodies.of("content"), PutOptions.onlyIfAbsent(NOW));

        Path file = root().resolve(KEY);
        assertThat(file).hasContent("content");
        assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(NOW);
        assertThat(filesBelow(root())).containsExactly(KEY);
    }

    @Test
    void filesAndFoldersAreForTheirOwnerAlone() throws IOException {
        store().put(KEY, Bodies.of("content"), PutOptions.replace(NOW));

        assertThat(permissions(root().resolve(KEY))).isEqualTo("rw-------");
        assertThat(permissions(root().resolve("ltx/0"))).isEqualTo("rwx------");
        assertThat(permissions(root())).isEqualTo("rwx------");
    }

    @Test
    void missingRootIsAnEmptyStoreAndListingDoesNotCreateIt() throws IOException {
        assertThat(list(store())).isEmpty();
        assertThat(store().stat(KEY)).isEmpty();
        store().delete(List.of(KEY));
        assertThat(root()).doesNotExist();
    }

    @Test
    void rootThatIsAFileIsSaidToBeOne() throws IOException {
        Files.writeString(root(), "not a folder");
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> list(store()))
                .withMessageContaining("not a folder: ")
                .withMessageContaining(root().toString());
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store().put(KEY, Bodies.of("content"), PutOptions.replace(NOW)));
        assertThat(root()).hasContent("not a folder");
    }

    @Test
    void tempFilesOfWhateverProgramAreNotObjects() throws IOException {
        store().put(KEY, Bodies.of("content"), PutOptions.replace(NOW));
        Files.writeString(root().resolve(KEY + ".tmp"), "Litestream's");
        Files.writeString(root().resolve(KEY + ".runnel-1.tmp"), "ours");
        assertThat(list(store())).extracting(ObjectInfo::key).containsExactly(KEY);
    }

    @Test
    void putThatFailsTakesItsTempFileAway() throws IOException {
        assertThatExceptionOfType(StoreException.BodyFailed.class)
                .isThrownBy(() -> store().put(
                                KEY, Bodies.failing(new byte[9], 5, new IOException("gone")), PutOptions.replace(NOW)));
        assertThat(filesBelow(root())).isEmpty();

        store().put(KEY, Bodies.of("content"), PutOptions.replace(NOW));
        assertThatExceptionOfType(StoreException.Exists.class)
                .isThrownBy(() -> store().put(KEY, Bodies.of("other"), PutOptions.onlyIfAbsent(NOW)));
        assertThat(filesBelow(root())).containsExactly(KEY);
    }

    @Test
    void leftoverOfAnotherPutIsNoObstacle() throws IOException {
        Files.createDirectories(root().resolve("ltx/0"));
        Files.writeString(root().resolve(KEY + ".runnel-1.tmp"), "left over");
        store().put(KEY, Bodies.of("content"), PutOptions.onlyIfAbsent(NOW));
        assertThat(root().resolve(KEY)).hasContent("content");
        assertThat(filesBelow(root())).containsExactlyInAnyOrder(KEY, KEY + ".runnel-1.tmp");
    }

    @Test
    void onlyOurLeftoversOlderThanADayAreRemoved() throws IOException {
        store().put(KEY, Bodies.of("content"), PutOptions.replace(NOW.minus(Duration.ofDays(9))));
        leftover("ltx/0/old.ltx.runnel-1.tmp", Duration.ofHours(25));
        leftover("ltx/9/older.ltx.runnel-12.tmp", Duration.ofDays(300));
        leftover("ltx/0/young.ltx.runnel-1.tmp", Duration.ofHours(23));
        leftover("ltx/0/litestream.ltx.tmp", Duration.ofDays(300));
        leftover("notes.runnel-x.tmp", Duration.ofDays(300));

        store().removeLeftovers(NOW);

        assertThat(filesBelow(root()))
                .containsExactlyInAnyOrder(
                        KEY, "ltx/0/young.ltx.runnel-1.tmp", "ltx/0/litestream.ltx.tmp", "notes.runnel-x.tmp");
    }

    @Test
    void leftoversAreListedAndStay() throws IOException {
        store().put(KEY, Bodies.of("content"), PutOptions.replace(NOW.minus(Duration.ofDays(9))));
        leftover("ltx/0/old.ltx.runnel-1.tmp", Duration.ofHours(25));
        leftover("ltx/0/young.ltx.runnel-1.tmp", Duration.ofHours(23));
        leftover("ltx/0/litestream.ltx.tmp", Duration.ofDays(300));
        leftover("notes.tmp", Duration.ofDays(300));
        List<String> before = filesBelow(root());

        assertThat(store().leftovers(NOW, key -> key.endsWith(".ltx")))
                .containsExactlyInAnyOrder(
                        new Leftover("ltx/0/old.ltx.runnel-1.tmp", NOW.minus(Duration.ofHours(25)), true),
                        new Leftover("ltx/0/litestream.ltx.tmp", NOW.minus(Duration.ofDays(300)), false));

        assertThat(filesBelow(root())).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void nothingOutsideTheRootIsReached() throws IOException {
        Path secret = parent.resolve("secret");
        Files.writeString(secret, "secret");
        for (String key : List.of("../secret", "a/../../secret", secret.toString())) {
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> store().open(key, ByteRange.ALL).close());
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> store().put(key, Bodies.of("mine"), PutOptions.replace(NOW)));
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> store().delete(List.of(key)));
        }
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> store().list("../", Optional.empty()));
        assertThat(secret).hasContent("secret");
    }

    private void leftover(String name, Duration age) throws IOException {
        Path file = root().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "left over");
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    }

    private FolderStore store() {
        return new FolderStore(Disk.system(), root());
    }

    private Path root() {
        return parent.resolve("replica");
    }

    private static List<ObjectInfo> list(FolderStore store) throws IOException {
        try (Stream<ObjectInfo> listing = store.list("", Optional.empty())) {
            return listing.toList();
        }
    }

    private static List<String> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}

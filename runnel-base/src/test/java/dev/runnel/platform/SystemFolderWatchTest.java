package dev.runnel.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemFolderWatchTest {
    private static final int LIMIT_SECONDS = 20;

    @TempDir
    Path folder;

    private final FolderWatch watch = FolderWatch.system();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @AfterEach
    void close() throws IOException {
        watch.close();
    }

    @Test
    void tellsEveryListenerOfAFolderUntilItIsClosed() throws IOException, InterruptedException {
        BlockingQueue<String> second = new LinkedBlockingQueue<>();
        watch.watch(folder, Set.of(), told::add);
        Closeable other = watch.watch(folder, Set.of(), second::add);
        Files.createFile(folder.resolve("a"));
        awaitTold("a", told);
        awaitTold("a", second);
        other.close();
        second.clear();
        Files.createFile(folder.resolve("b"));
        awaitTold("b", told);
        assertThat(second).isEmpty();
    }

    @Test
    void whoIsInterestedInSomeFilesIsNotToldOfOthers() throws IOException, InterruptedException {
        BlockingQueue<String> all = new LinkedBlockingQueue<>();
        watch.watch(folder, Set.of(), all::add);
        Closeable some = watch.watch(folder, Set.of("a", "a-wal"), told::add);
        Files.createFile(folder.resolve("ab"));
        Files.createFile(folder.resolve("a-wal"));
        awaitTold("a-wal", all);
        awaitTold("a-wal", told);
        assertThat(told).doesNotContain("ab");
        some.close();
        told.clear();
        Files.delete(folder.resolve("a-wal"));
        Files.createFile(folder.resolve("last"));
        awaitTold("last", all);
        assertThat(told).isEmpty();
    }

    @Test
    void aLostFolderIsToldOnceToEachWhateverItIsInterestedIn() throws IOException, InterruptedException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        BlockingQueue<String> last = new LinkedBlockingQueue<>();
        watch.watch(inner, Set.of("a", "b"), told::add);
        watch.watch(inner, Set.of(), last::add);
        Files.delete(inner);
        awaitTold("", told);
        awaitTold("", last);
        assertThat(told).isEmpty();
    }

    @Test
    void aFolderThatIsGoneIsToldAndTheNextOfThatNameCanBeWatched() throws IOException, InterruptedException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        watch.watch(inner, Set.of(), told::add);
        Files.delete(inner);
        awaitTold("", told);
        Files.createDirectory(inner);
        watch.watch(inner, Set.of(), told::add);
        Files.createFile(inner.resolve("c"));
        awaitTold("c", told);
    }

    @Test
    void afterAFolderWasMovedTheOneThatHasItsNameIsWatched() throws IOException, InterruptedException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Closeable before = watch.watch(inner, Set.of(), told::add);
        Files.move(inner, folder.resolve("aside"));
        Files.createDirectory(inner);
        watch.watch(inner, Set.of(), told::add);
        before.close();
        Files.createFile(inner.resolve("d"));
        awaitTold("d", told);
    }

    @Test
    void i46AListenerThatFailsKeepsNobodyFromBeingTold() throws IOException, InterruptedException {
        AtomicInteger failures = new AtomicInteger();
        watch.watch(folder, Set.of(), _ -> {
            failures.incrementAndGet();
            throw new StackOverflowError("made by the test");
        });
        watch.watch(folder, Set.of(), told::add);
        Files.createFile(folder.resolve("a"));
        awaitTold("a", told);
        Files.createFile(folder.resolve("b"));
        awaitTold("b", told);
        assertThat(failures).hasPositiveValue();
    }

    @Test
    void aMissingFolderIsAMissingFile() {
        assertThatThrownBy(() -> watch.watch(folder.resolve("missing"), Set.of(), told::add))
                .isInstanceOf(NoSuchFileException.class);
    }

    private static void awaitTold(String name, BlockingQueue<String> told) throws InterruptedException {
        String next;
        do {
            next = told.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("something is told before " + name).isNotNull();
        } while (!name.equals(next));
    }
}

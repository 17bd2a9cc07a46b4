package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is large passes through little memory and little disk. {@code -Drunnel.megabytes=N} sets how large the large
 * transaction is, {@code -Drunnel.heap=N} the megabytes of heap it has to pass through.
 */
@Tag("slow")
class SmallMachineTest {
    private static final Duration RESTORE_LIMIT = Duration.ofMinutes(5);
    private static final int USUAL_MEGABYTES = 120;
    private static final int USUAL_HEAP = 24;
    private static final int DATABASE_MEGABYTES = 60;
    private static final long META_LIMIT = 5_000_000;

    @TempDir
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @Test
    void i12ATransactionMuchLargerThanTheHeapIsShippedAndRestoredWithThatHeap() throws SqlFailure {
        int megabytes = Integer.getInteger("runnel.megabytes", USUAL_MEGABYTES);
        String heap = Integer.getInteger("runnel.heap", USUAL_HEAP) + "m";
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = ProgramEngine.startWithHeap(heap, scene.database(), scene.replicaFolder())) {
            engine.awaitTxid(1);
            long before = scene.replica().newestTxid();
            application.bulk(megabytes * 1024);
            engine.awaitTxid(before + 1);
            assertThat(engine.stop()).as(engine.log()).isZero();
            assertThat(engine.log()).doesNotContain("OutOfMemoryError");
            application.run("pragma wal_checkpoint(truncate)");
        }
        Path source = DatabaseOracle.copyOf(scene.database(), scene.file("source.db"));
        assertThat(source.toFile().length()).isGreaterThan(megabytes * 1_000_000L);
        DatabaseOracle.assertSameBytes(source, restore(heap));
    }

    @Test
    void i36ABaselineTakesLittleLocalDisk() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            application.bulk(DATABASE_MEGABYTES * 1024).run("pragma wal_checkpoint(truncate)");
            try (HighWaterMark mark = HighWaterMark.watch(scene.metaFolder());
                    ProgramEngine engine = scene.startRunnel().awaitHistory()) {
                assertThat(engine.stop()).as(engine.log()).isZero();
                System.out.println("the meta folder took at most " + mark.bytes() + " bytes");
                assertThat(scene.replica().entries().getFirst().file().toFile().length())
                        .as("the baseline is of the whole database")
                        .isGreaterThan(DATABASE_MEGABYTES * 900_000L);
                assertThat(mark.bytes()).as("bytes in the meta folder").isBetween(1L, META_LIMIT);
            }
        }
    }

    private Path restore(String heap) {
        Path output = scene.file("restored.db");
        List<String> command = RunnelCommand.withHeap(
                heap, "restore", "-o", output.toString(), RunnelCommand.url(scene.replicaFolder()));
        try (Child child = Child.start(command, Map.of())) {
            assertThat(child.awaitExit(RESTORE_LIMIT)).as(child.transcript()).isZero();
        }
        return output;
    }

    /** The most that all files of a folder have taken, looked at every other millisecond. */
    private static final class HighWaterMark implements AutoCloseable {
        private static final long PAUSE_NANOS = 2_000_000;

        private final AtomicLong most = new AtomicLong();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Thread watcher;

        private HighWaterMark(Path folder) {
            watcher = Thread.ofPlatform().daemon().start(() -> {
                while (!ended.get()) {
                    most.accumulateAndGet(bytesIn(folder), Math::max);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            });
        }

        static HighWaterMark watch(Path folder) {
            return new HighWaterMark(folder);
        }

        long bytes() {
            return most.get();
        }

        private static long bytesIn(Path folder) {
            try (Stream<Path> files = Files.walk(folder)) {
                return files.mapToLong(file -> file.toFile().length()).sum();
            } catch (NoSuchFileException e) {
                return 0;
            } catch (UncheckedIOException e) {
                // A file that went while we looked; the next look is soon.
                return 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            ended.set(true);
            try {
                watcher.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

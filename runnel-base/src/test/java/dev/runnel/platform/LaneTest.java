package dev.runnel.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LaneTest {
    private static final int LIMIT_SECONDS = 30;

    @TempDir
    Path folder;

    @Test
    void i45TasksThatHangDelayTheOthersForAMoment() throws Exception {
        Lane lane = new Lane("test", 2, 64);
        CountDownLatch release = new CountDownLatch(1);
        try {
            for (int i = 0; i < 20; i++) {
                var _ = lane.submit(() -> {
                    release.await();
                    return true;
                });
            }
            assertThat(lane.submit(() -> 1).get(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(1);
        } finally {
            release.countDown();
            lane.shutdownNow();
        }
    }

    @Test
    void i46WhoWaitsForATaskThatWillNotBeginIsToldSo() {
        Lane lane = new Lane("test", 1, 1);
        CountDownLatch release = new CountDownLatch(1);
        var _ = lane.submit(() -> {
            release.await();
            return true;
        });
        Future<Integer> never = lane.submit(() -> 1);
        lane.shutdownNow();
        assertThatThrownBy(() -> never.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        release.countDown();
    }

    @Test
    void i45FileSystemCallsThatHangDoNotStopTheVirtualThreads() throws Exception {
        Path pipe = folder.resolve("pipe");
        Assumptions.assumeTrue(makePipe(pipe), "skipped: no mkfifo here");
        Disk disk = Disk.system();
        List<Thread> hanging = new ArrayList<>();
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            hanging.add(Thread.ofVirtual().start(() -> openAndClose(disk, pipe)));
        }
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> {
            if (size(disk, folder.resolve("missing")) < 0) {
                done.countDown();
            }
        });
        assertThat(done.await(LIMIT_SECONDS, TimeUnit.SECONDS))
                .as("another virtual thread gets on")
                .isTrue();
        Files.newOutputStream(pipe).close();
        for (Thread thread : hanging) {
            thread.interrupt();
            assertThat(thread.join(Duration.ofSeconds(LIMIT_SECONDS))).isTrue();
        }
    }

    private static void openAndClose(Disk disk, Path pipe) {
        try {
            disk.openToRead(pipe).close();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("interrupted");
        }
    }

    private static long size(Disk disk, Path file) {
        try {
            return disk.stat(file).map(FileInfo::size).orElse(-1L);
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean makePipe(Path pipe) throws IOException, InterruptedException {
        return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
    }
}

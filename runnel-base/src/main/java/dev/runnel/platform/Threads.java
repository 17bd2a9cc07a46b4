package dev.runnel.platform;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The lanes work runs in. SQLite, disk and compression run on a small pool of platform threads, because a native call
 * keeps the carrier of a virtual thread; what waits for a network or for another lane runs on virtual threads.
 *
 * @param disk for SQLite and the files of a database: bounded steps, so that all databases get their turn
 * @param network for what waits long: stores, and chunks of an image. File-system calls made here go to the file lane
 * @param compute for what computes: one thread a processor
 */
public record Threads(ExecutorService disk, ExecutorService network, ExecutorService compute) implements Closeable {
    private static final int FEWEST = 4;
    private static final int MOST = 16;

    /** So many databases can be on a disk that hangs before others have to wait for it. */
    private static final int MOST_HANGING = 256;

    /** Threads of the machine. */
    public static Threads system() {
        return of(Executors.newVirtualThreadPerTaskExecutor());
    }

    /** Threads of the machine, but for what waits long; the executor for that stays its owner's to close. */
    public static Threads waitingOn(ExecutorService network) {
        return of(new BorrowedExecutor(network));
    }

    private static Threads of(ExecutorService network) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new Threads(
                new Lane("runnel-disk", Math.clamp(2L * processors, FEWEST, MOST), MOST_HANGING),
                network,
                Executors.newFixedThreadPool(
                        processors,
                        Thread.ofPlatform()
                                .name("runnel-compute-", 0)
                                .daemon(true)
                                .factory()));
    }

    /** The longest time that one task of the disk lane has taken so far. */
    public Duration longestDiskTask() {
        return disk instanceof Lane lane ? lane.longest() : Duration.ZERO;
    }

    /** Ends all lanes; what runs is interrupted. */
    @Override
    public void close() {
        end(network);
        end(compute);
        end(disk);
    }

    /** A thread that waits for a task that will never begin is notified. */
    private static void end(ExecutorService lane) {
        for (Runnable waiting : lane.shutdownNow()) {
            if (waiting instanceof Future<?> task) {
                task.cancel(false);
            }
        }
    }
}

package dev.runnel.platform;

import java.io.Closeable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * The lanes work runs in. SQLite, disk and compression run on a small pool of platform threads, because a native call
 * keeps the carrier of a virtual thread; what waits for a network or for another lane runs on virtual threads.
 *
 * @param disk for SQLite and files; tasks are short, or are called as part of an actor's step
 * @param network for what waits long: stores, and chunks of an image
 * @param compute for what computes: one thread a processor
 */
public record Threads(ExecutorService disk, ExecutorService network, ExecutorService compute) implements Closeable {
    private static final int FEWEST = 4;
    private static final int MOST = 16;

    /** Threads of the machine. */
    public static Threads system() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new Threads(
                Executors.newFixedThreadPool(Math.clamp(2L * processors, FEWEST, MOST), named("runnel-disk-")),
                Executors.newVirtualThreadPerTaskExecutor(),
                Executors.newFixedThreadPool(processors, named("runnel-compute-")));
    }

    private static ThreadFactory named(String prefix) {
        return Thread.ofPlatform().name(prefix, 0).daemon(true).factory();
    }

    /** Ends all lanes; what runs is interrupted. */
    @Override
    public void close() {
        network.shutdownNow();
        compute.shutdownNow();
        disk.shutdownNow();
    }
}

package dev.runnel.platform;

import java.io.Closeable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * The lanes work runs in. SQLite, disk and compression run on a small pool of platform threads, because a native call
 * keeps the carrier of a virtual thread; what waits for a network or for another lane runs on virtual threads.
 */
public final class Threads implements Closeable {
    private static final int FEWEST = 4;
    private static final int MOST = 16;

    private final ExecutorService disk;
    private final ExecutorService network = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService compute;

    public Threads() {
        int processors = Runtime.getRuntime().availableProcessors();
        disk = Executors.newFixedThreadPool(Math.clamp(2L * processors, FEWEST, MOST), named("runnel-disk-"));
        compute = Executors.newFixedThreadPool(processors, named("runnel-compute-"));
    }

    private static ThreadFactory named(String prefix) {
        return Thread.ofPlatform().name(prefix, 0).daemon(true).factory();
    }

    /** For SQLite and files. Tasks are short, or are called as part of an actor's step. */
    public ExecutorService disk() {
        return disk;
    }

    /** For what waits long: stores, and chunks of an image. */
    public ExecutorService network() {
        return network;
    }

    /** For what computes: one thread a processor. */
    public ExecutorService compute() {
        return compute;
    }

    /** Ends all lanes; what runs is interrupted. */
    @Override
    public void close() {
        network.shutdownNow();
        compute.shutdownNow();
        disk.shutdownNow();
    }
}

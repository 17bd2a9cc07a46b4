package dev.runnel.platform;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The part of the heap that work on large things may take together, however many of them run at a time. What it refuses
 * goes to scratch files, so a refusal costs time and nothing else.
 */
public final class MemoryBudget {
    private static final long LEAST = 1 << 20;
    private static final long MOST = 64 << 20;
    private static final int SHARE_OF_HEAP = 8;

    private static final MemoryBudget SHARED =
            new MemoryBudget(Math.clamp(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, LEAST, MOST));

    private final AtomicLong left;

    public MemoryBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** The budget of this process: an eighth of the largest heap, at most 64 MiB. */
    public static MemoryBudget shared() {
        return SHARED;
    }

    /** Takes bytes, all of them or none. */
    public boolean take(long bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    /** Gives back bytes that were taken. */
    public void giveBack(long bytes) {
        left.addAndGet(bytes);
    }

    /** How many bytes may still be taken. */
    public long left() {
        return left.get();
    }
}

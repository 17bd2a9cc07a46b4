package dev.runnel.engine;

import dev.runnel.platform.Clock;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many images are read at a time, of all databases: each has some megabytes in flight, for which there is a quarter
 * of the heap. A task that waits for a permit holds nothing, and permits are given in the order of requests. A location
 * that accepts nothing delays no other location permanently: it has only its own share, every location may always read
 * one image, and the permit of an image that makes no progress lapses.
 */
final class ImagePermits {
    private static final Logger LOG = LoggerFactory.getLogger(ImagePermits.class);
    private static final int MOST_OF_A_DOMAIN = 8;

    /** More than two locations have room for. */
    private static final int MOST = 3 * MOST_OF_A_DOMAIN;

    /** What images that do not move hold is bounded, too: by number, and by as much memory again. */
    private static final int MOST_LAPSED = 2 * MOST;

    private static final int SHARE_OF_HEAP = 4;

    /** Of a large image: 7 MiB of pages while they are read and compressed, the rest in parts of an upload. */
    private static final long MOST_BYTES = 16L << 20;

    /** Buffers of every image. */
    private static final long FEWEST_BYTES = 256L << 10;

    /** The pages of a small image are twice in each of: chunks, a batch that is compressed, the buffer of an upload. */
    private static final int COPIES = 6;

    private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();

    private static final long LAPSES_AFTER = Duration.ofSeconds(20).toNanos();

    private final Clock clock;
    private final long memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Domain> domains = new HashMap<>();
    private int counted;
    private long countedBytes;
    private int lapsed;
    private long lapsedBytes;

    /** One location; everything in it is guarded by the lock. */
    private static final class Domain {
        private final Deque<Condition> waiting = new ArrayDeque<>();
        private final Set<Permit> counted = new HashSet<>();
    }

    /** @param memory for images that move, in bytes */
    ImagePermits(Clock clock, long memory) {
        this.clock = clock;
        this.memory = memory;
    }

    /** Permits for the heap of this process. */
    static ImagePermits ofThisProcess(Clock clock) {
        return new ImagePermits(clock, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** What reading an image takes at most, in bytes, if all of its pages take so many. */
    private static long bytesOnTheWay(long size) {
        return Math.min(MOST_BYTES, FEWEST_BYTES + COPIES * Math.min(size, MOST_BYTES));
    }

    /** Leave to read one image, until it is closed. */
    final class Permit implements Closeable {
        private final String name;
        private final Domain domain;
        private final long bytes;
        private volatile long movedAt = clock.ticks();
        private boolean isLapsed;
        private boolean isClosed;

        private Permit(String name, Domain domain, long bytes) {
            this.name = name;
            this.domain = domain;
            this.bytes = bytes;
        }

        /** The image gets on. A permit that has lapsed counts again. */
        void moved() {
            movedAt = clock.ticks();
            lock.lock();
            try {
                if (isLapsed && !isClosed) {
                    uncountLapsed(this);
                    count(this);
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (isClosed) {
                    return;
                }
                isClosed = true;
                if (isLapsed) {
                    uncountLapsed(this);
                } else {
                    uncount(this);
                }
                wakeNext();
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Waits for leave to read an image for a replica at a place. The caller holds nothing that others wait for.
     *
     * @param size of the image, in bytes
     */
    Permit acquire(String name, long size) throws InterruptedException {
        long bytes = bytesOnTheWay(size);
        lock.lock();
        try {
            Domain domain = domains.computeIfAbsent(name, _ -> new Domain());
            Condition turn = lock.newCondition();
            domain.waiting.addLast(turn);
            try {
                while (!turn.equals(domain.waiting.peekFirst())) {
                    turn.await();
                }
                while (!hasRoom(domain, bytes)) {
                    var _ = turn.awaitNanos(LOOK_NANOS);
                    lapse();
                }
                Permit permit = new Permit(name, domain, bytes);
                count(permit);
                return permit;
            } finally {
                domain.waiting.remove(turn);
                wakeNext();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(Domain domain, long bytes) {
        return domain.counted.isEmpty()
                || (domain.counted.size() < MOST_OF_A_DOMAIN && counted < MOST && countedBytes + bytes <= memory);
    }

    private void count(Permit permit) {
        permit.domain.counted.add(permit);
        counted++;
        countedBytes += permit.bytes;
    }

    private void uncount(Permit permit) {
        permit.domain.counted.remove(permit);
        counted--;
        countedBytes -= permit.bytes;
    }

    private void countLapsed(Permit permit) {
        permit.isLapsed = true;
        lapsed++;
        lapsedBytes += permit.bytes;
    }

    private void uncountLapsed(Permit permit) {
        permit.isLapsed = false;
        lapsed--;
        lapsedBytes -= permit.bytes;
    }

    /** Wakes the first in each queue. The rest wait for the one before them. */
    private void wakeNext() {
        for (Domain domain : domains.values()) {
            Condition first = domain.waiting.peekFirst();
            if (first != null) {
                first.signal();
            }
        }
    }

    private void lapse() {
        long now = clock.ticks();
        for (Domain domain : domains.values()) {
            for (Permit permit : Set.copyOf(domain.counted)) {
                if (now - permit.movedAt >= LAPSES_AFTER
                        && lapsed < MOST_LAPSED
                        && lapsedBytes + permit.bytes <= memory) {
                    uncount(permit);
                    countLapsed(permit);
                    LOG.warn(
                            "{}: a snapshot has made no progress for {} s; others no longer wait for it",
                            permit.name,
                            (now - permit.movedAt) / 1_000_000_000);
                }
            }
        }
    }
}

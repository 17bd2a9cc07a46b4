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
 * How many images are read at a time, of all databases: each has a few megabytes on their way. Whoever waits for a permit
 * holds nothing, and gets one in the order of asking. A location that takes nothing delays nobody permanently: it has only its
 * own share, every location may always read one image, and the permit of an image that does not move lapses.
 */
final class ImagePermits {
    private static final Logger LOG = LoggerFactory.getLogger(ImagePermits.class);
    private static final int MOST_AT_A_PLACE = 8;

    /** More than two places have room for. */
    private static final int MOST = 3 * MOST_AT_A_PLACE;

    /** What images that do not move hold in memory is bounded, too. */
    private static final int MOST_LAPSED = 2 * MOST;

    private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();

    private static final long LAPSES_AFTER = Duration.ofSeconds(20).toNanos();

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Place> places = new HashMap<>();
    private int counted;
    private int lapsed;

    /** One location; everything in it is guarded by the lock. */
    private static final class Place {
        private final Deque<Condition> waiting = new ArrayDeque<>();
        private final Set<Permit> counted = new HashSet<>();
    }

    ImagePermits(Clock clock) {
        this.clock = clock;
    }

    /** Leave to read one image, until it is closed. */
    final class Permit implements Closeable {
        private final String name;
        private final Place place;
        private volatile long movedAt = clock.ticks();
        private boolean isLapsed;
        private boolean isClosed;

        private Permit(String name, Place place) {
            this.name = name;
            this.place = place;
        }

        /** The image gets on. A permit that has lapsed counts again. */
        void moved() {
            movedAt = clock.ticks();
            lock.lock();
            try {
                if (isLapsed && !isClosed) {
                    isLapsed = false;
                    lapsed--;
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
                    lapsed--;
                } else {
                    uncount(this);
                }
                wakeNext();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for leave to read an image for a replica at a place. The caller holds nothing that others wait for. */
    Permit acquire(String name) throws InterruptedException {
        lock.lock();
        try {
            Place place = places.computeIfAbsent(name, _ -> new Place());
            Condition turn = lock.newCondition();
            place.waiting.addLast(turn);
            try {
                while (!turn.equals(place.waiting.peekFirst())) {
                    turn.await();
                }
                while (!hasRoom(place)) {
                    var _ = turn.awaitNanos(LOOK_NANOS);
                    lapse();
                }
                Permit permit = new Permit(name, place);
                count(permit);
                return permit;
            } finally {
                place.waiting.remove(turn);
                wakeNext();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom(Place place) {
        return place.counted.isEmpty() || (place.counted.size() < MOST_AT_A_PLACE && counted < MOST);
    }

    private void count(Permit permit) {
        permit.place.counted.add(permit);
        counted++;
    }

    private void uncount(Permit permit) {
        permit.place.counted.remove(permit);
        counted--;
    }

    /** Wakes the first in each queue. The rest wait for the one before them. */
    private void wakeNext() {
        for (Place place : places.values()) {
            Condition first = place.waiting.peekFirst();
            if (first != null) {
                first.signal();
            }
        }
    }

    private void lapse() {
        long now = clock.ticks();
        for (Place place : places.values()) {
            for (Permit permit : Set.copyOf(place.counted)) {
                if (lapsed < MOST_LAPSED && now - permit.movedAt >= LAPSES_AFTER) {
                    permit.isLapsed = true;
                    lapsed++;
                    uncount(permit);
                    LOG.warn(
                            "{}: a snapshot has not moved for {} s; others no longer wait for it",
                            permit.name,
                            (now - permit.movedAt) / 1_000_000_000);
                }
            }
        }
    }
}

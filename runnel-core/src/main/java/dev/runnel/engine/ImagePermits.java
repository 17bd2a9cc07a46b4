package dev.runnel.engine;

import java.io.Closeable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * How many images are read at a time, of all databases: each has a few megabytes on their way. A place that takes nothing
 * keeps only its own share of them, so that what goes to other places goes on.
 */
final class ImagePermits {
    private static final int MOST_AT_A_PLACE = 8;

    /** More than two places have room for. */
    private static final int MOST = 3 * MOST_AT_A_PLACE;

    private final Map<String, Semaphore> places = new ConcurrentHashMap<>();
    private final Semaphore all = new Semaphore(MOST);

    /** Leave to read one image, until it is closed; once. */
    @FunctionalInterface
    interface Permit extends Closeable {
        @Override
        void close();
    }

    /** Waits for leave to read an image for a replica at a place. */
    Permit acquire(String place) throws InterruptedException {
        Semaphore ofPlace = places.computeIfAbsent(place, _ -> new Semaphore(MOST_AT_A_PLACE));
        ofPlace.acquire();
        boolean acquired = false;
        try {
            all.acquire();
            acquired = true;
            return () -> {
                all.release();
                ofPlace.release();
            };
        } finally {
            if (!acquired) {
                ofPlace.release();
            }
        }
    }
}

package dev.runnel.engine;

import dev.runnel.platform.Clock;
import java.time.Duration;

/**
 * When a replica is listed: as often as its store allows, and always before Runnel relies on what it knows of the replica. A
 * listing, or an upload that went well, is evidence that no other process writes there, for a while.
 */
final class ListingTimes {
    private final DatabaseSpec.ListingIntervals intervals;
    private final Clock clock;

    /** How long the evidence counts, in nanoseconds. */
    private final long trust;

    private long listedAt;
    private long confirmedAt;

    /** What was uploaded since is listed soon; a replica at which nothing changes is not. */
    private boolean hasUploaded;

    private volatile boolean isWanted;

    ListingTimes(DatabaseSpec.ReplicaSpec spec, Clock clock) {
        this.intervals = spec.intervals();
        this.clock = clock;
        this.trust = intervals.trust(spec.replica().keepsNewObjects()).toNanos();
    }

    /** Something may have happened at the replica. May be called from any thread. */
    void want() {
        isWanted = true;
    }

    boolean isWanted() {
        return isWanted;
    }

    /** Whether it was asked for since this was called last, or enough time has passed. */
    boolean takeDue() {
        boolean wanted = isWanted;
        isWanted = false;
        return wanted || clock.ticks() - listedAt >= interval().toNanos();
    }

    /** The replica was listed. */
    void listed(long begunAt) {
        listedAt = clock.ticks();
        confirmedAt = begunAt;
        hasUploaded = false;
    }

    /** Something is about to be uploaded. */
    void uploading() {
        hasUploaded = true;
    }

    /** Whether something was uploaded since the last listing. */
    boolean hasUploaded() {
        return hasUploaded;
    }

    /** An upload went well that cannot go well for two writers. */
    void confirmed(long begunAt) {
        confirmedAt = begunAt;
    }

    /** Whether it still counts that no other process writes there. */
    boolean isFresh() {
        return clock.ticks() - confirmedAt <= trust;
    }

    Duration untilNext() {
        return Duration.ofNanos(Math.max(0, interval().toNanos() - (clock.ticks() - listedAt)));
    }

    private Duration interval() {
        return hasUploaded ? intervals.changing() : intervals.idle();
    }
}

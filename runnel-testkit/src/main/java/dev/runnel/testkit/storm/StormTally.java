package dev.runnel.testkit.storm;

import java.util.concurrent.atomic.AtomicLong;

/** What happened in a storm, counted by all writers together. */
public final class StormTally {
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong contentions = new AtomicLong();
    private final AtomicLong checkpoints = new AtomicLong();
    private final AtomicLong refusedCheckpoints = new AtomicLong();
    private final AtomicLong lostSessions = new AtomicLong();

    StormTally() {}

    public long commits() {
        return commits.get();
    }

    public long checkpoints() {
        return checkpoints.get();
    }

    public long refusedCheckpoints() {
        return refusedCheckpoints.get();
    }

    public long lostSessions() {
        return lostSessions.get();
    }

    void committed() {
        commits.incrementAndGet();
    }

    void contention() {
        contentions.incrementAndGet();
    }

    void checkpoint(CheckpointOutcome outcome) {
        switch (outcome) {
            case DONE -> checkpoints.incrementAndGet();
            case REFUSED -> refusedCheckpoints.incrementAndGet();
        }
    }

    void lostSession() {
        lostSessions.incrementAndGet();
    }

    @Override
    public String toString() {
        return commits + " commits, " + checkpoints + " checkpoints by the application, " + refusedCheckpoints
                + " more refused, " + contentions + " times in each other's way, " + lostSessions
                + " writers killed";
    }

    /** How SQLite answered a checkpoint. */
    enum CheckpointOutcome {
        DONE,
        REFUSED
    }
}

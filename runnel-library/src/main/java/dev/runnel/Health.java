package dev.runnel;

/**
 * How a database or a replica is doing.
 *
 * @param reason what was found; empty if healthy
 * @param nextStep what to do about it; empty if healthy
 */
public record Health(State state, String reason, String nextStep) {
    /** From good to bad. */
    public enum State {
        /** Nothing is known to be wrong. */
        HEALTHY,
        /** Nothing is wrong, but something that takes long is under way, and something else waits for it. */
        WORKING,
        /** There is nothing to follow yet, or not now. */
        WAITING,
        /** Something is wrong, and Runnel tries again. */
        DEGRADED,
        /** Something is wrong that trying again would make worse. */
        STOPPED
    }

    static Health of(dev.runnel.engine.Health health) {
        State state = switch (health) {
            case dev.runnel.engine.Health.Healthy _ -> State.HEALTHY;
            case dev.runnel.engine.Health.Working _ -> State.WORKING;
            case dev.runnel.engine.Health.Waiting _ -> State.WAITING;
            case dev.runnel.engine.Health.Degraded _ -> State.DEGRADED;
            case dev.runnel.engine.Health.Stopped _ -> State.STOPPED;
        };
        return new Health(state, health.reason(), health.nextStep());
    }

    /** Whether something is wrong. */
    public boolean isTrouble() {
        return state == State.DEGRADED || state == State.STOPPED;
    }
}

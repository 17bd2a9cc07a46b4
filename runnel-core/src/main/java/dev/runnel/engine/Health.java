package dev.runnel.engine;

/** How a database or a replica is doing. Everything but healthy says why, and what the next step is. */
public sealed interface Health {
    /** Following, and nothing is known to be wrong. */
    record Healthy() implements Health {}

    /** Nothing is wrong, but work is under way that takes long, and until it is over something else does not happen. */
    record Working(String reason, String nextStep) implements Health {}

    /** There is nothing to follow yet, or not now; checked again when something happens. */
    record Waiting(String reason, String nextStep) implements Health {}

    /** Something is wrong; it is tried again. */
    record Degraded(String reason, String nextStep) implements Health {}

    /** Something is wrong that trying again would make worse. */
    record Stopped(String reason, String nextStep) implements Health {}

    /** Whether something is wrong, and not only under way or waited for. */
    default boolean isFailure() {
        return this instanceof Degraded || this instanceof Stopped;
    }

    /** What was found; empty if healthy. */
    default String reason() {
        return "";
    }

    /** What to do about it; empty if healthy. */
    default String nextStep() {
        return "";
    }
}

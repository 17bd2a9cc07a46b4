package dev.runnel.engine;

import java.time.Duration;

/**
 * What the engine has done for a database since it was started.
 *
 * @param changeSets change sets that were made durable in the change log
 * @param bytes of these, as they are in the log
 * @param time for which the steps took that closed them
 * @param failures times that following failed and was tried again
 */
public record Activity(long changeSets, long bytes, Duration time, long failures) {
    /** Nothing was done yet. */
    public static final Activity NONE = new Activity(0, 0, Duration.ZERO, 0);
}

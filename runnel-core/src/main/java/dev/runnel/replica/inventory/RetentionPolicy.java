package dev.runnel.replica.inventory;

import dev.runnel.replica.AgeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * What a history promises to keep.
 *
 * @param retention how far back any time can be restored; without it nothing is ever removed
 * @param changeSetRetention how long each single change set can be restored, where they are compacted
 * @param interval how often obsolete objects are removed, at most
 * @param ages what tells the age of an object
 */
public record RetentionPolicy(
        Optional<Duration> retention, Optional<Duration> changeSetRetention, Duration interval, AgeSource ages) {}

package dev.runnel.replica.generations;

import dev.runnel.replica.AgeSource;
import dev.runnel.replica.inventory.RetentionPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * What a history in the {@code generations} layout promises, and how it is kept small. The defaults are those of Litestream
 * 0.3, but for the promise: there all history goes as soon as a newer snapshot takes its place.
 *
 * @param baselineInterval how often a database that changes gets a new baseline
 * @param retention how far back any time can be restored; without it nothing is ever removed
 * @param removalInterval how often it is seen to what can be removed, at most
 * @param ages what tells the age of an object when it is to be removed
 */
public record GenerationsPolicy(
        Duration baselineInterval, Optional<Duration> retention, Duration removalInterval, AgeSource ages) {
    /** A baseline a day; everything for a day, seen to each hour. */
    public static final GenerationsPolicy DEFAULT = new GenerationsPolicy(
            Duration.ofDays(1), Optional.of(Duration.ofDays(1)), Duration.ofHours(1), AgeSource.TIME_PASSED);

    /** What it promises to keep. */
    RetentionPolicy toRetention() {
        return new RetentionPolicy(retention, Optional.empty(), removalInterval, ages);
    }
}

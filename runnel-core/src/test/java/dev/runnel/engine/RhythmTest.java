package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When to look, by arithmetic alone. */
final class RhythmTest {
    private static final long A_DAY = Duration.ofDays(1).toNanos();
    private static final long A_MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void i6WithoutAnyEventTheFilesAreLookedAtAtLeastOnceAMinute() {
        Rhythm rhythm = new Rhythm(Duration.ofSeconds(1), 0);
        int looks = 0;
        for (long now = 0; now < A_DAY; looks++) {
            long next = rhythm.nextLook(false, now);
            assertThat(next).isBetween(1L, A_MINUTE);
            now += next;
        }
        assertThat(looks).as("looks in a quiet day").isLessThan(5_000);
    }
}

package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.platform.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LongTaskTest {
    /** A clock whose ticks are set by hand. */
    private static final class HandClock implements Clock {
        private long ticks;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long ticks() {
            return ticks;
        }
    }

    @Test
    void aShortTaskIsSilentAndALongOneSpeaksEveryTenSeconds() {
        HandClock clock = new HandClock();
        LongTask task = new LongTask(clock, "snapshot", 100, "pages");
        List<Integer> told = new ArrayList<>();
        for (int second = 0; second < 30; second++) {
            clock.ticks = Duration.ofSeconds(second).toNanos();
            if (task.reached(second)) {
                told.add(second);
            }
        }
        assertThat(told).containsExactly(2, 12, 22);
        assertThat(task.done()).isTrue();
        assertThat(new LongTask(clock, "snapshot", 100, "pages").done()).isFalse();
    }
}

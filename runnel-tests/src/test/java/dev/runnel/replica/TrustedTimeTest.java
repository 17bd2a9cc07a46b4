package dev.runnel.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The time that deleting goes by is never ahead of the real one, whatever the wall clock says (I-28). */
final class TrustedTimeTest {
    private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final SimulatedClock clock = new SimulatedClock(START);
    private final TrustedTime time = new TrustedTime(clock, DAY);

    @Test
    void nothingIsKnownBeforeTheFirstLook() {
        assertThat(time.now()).isEmpty();
    }

    @Test
    void itGoesOnFromTheNewestTimeInTheHistory() {
        time.startAt(List.of(START.minusSeconds(60), START.minusSeconds(600)));
        clock.advance(Duration.ofSeconds(7));
        assertThat(time.now()).contains(START.minusSeconds(53));
    }

    @Test
    void aClockThatIsSetADayAheadDoesNotHurryIt() {
        time.startAt(List.of(START));
        clock.advance(Duration.ofMinutes(1));
        clock.setError(DAY);
        assertThat(time.now()).contains(START.plusSeconds(60));
        clock.advance(Duration.ofHours(23));
        assertThat(time.now()).contains(START.plusSeconds(60).plus(Duration.ofHours(23)));
    }

    @Test
    void aClockThatIsSetBackHoldsItBack() {
        time.startAt(List.of(START));
        clock.setError(DAY.negated());
        assertThat(time.now()).contains(START.minus(DAY));
    }

    @Test
    void aDayAfterTheClockWasSetItIsTheClock() {
        time.startAt(List.of(START));
        clock.setError(DAY);
        for (int hour = 0; hour < 24; hour++) {
            assertThat(time.now().orElseThrow()).isBeforeOrEqualTo(clock.reality());
            clock.advance(Duration.ofHours(1));
        }
        assertThat(time.now()).contains(clock.now());
    }

    @Test
    void aHistoryThatWasWrittenByAClockADayAheadIsTrustedUpToTheJump() {
        Instant before = START.minusSeconds(100);
        time.startAt(List.of(
                before,
                before.minusSeconds(50),
                START.plus(DAY),
                START.plus(DAY).plusSeconds(9)));
        assertThat(time.now()).contains(before);
    }

    @Test
    void aFirstLookThatShowedOnlyTheEndIsPutRightByTheNext() {
        Instant before = START.minusSeconds(100);
        time.startAt(List.of(START.plus(DAY)));
        clock.setError(DAY);
        clock.advance(Duration.ofSeconds(7));
        assertThat(time.now()).contains(START.plus(DAY).plusSeconds(7));
        time.startAt(List.of(before, START.plus(DAY), START.plus(DAY).plusSeconds(9)));
        assertThat(time.now()).contains(before.plusSeconds(7));
    }

    @Test
    void whatIsWrittenOrRemovedLaterDoesNotMoveIt() {
        time.startAt(List.of(START.minusSeconds(60), START));
        clock.advance(Duration.ofHours(20));
        time.startAt(List.of(START.minusSeconds(60), START.plus(Duration.ofHours(19))));
        assertThat(time.now()).contains(START.plus(Duration.ofHours(20)));
    }
}

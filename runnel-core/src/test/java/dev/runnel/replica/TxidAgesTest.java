package dev.runnel.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.testkit.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** History grows old with the time for which Runnel runs, whatever the wall clock says (I-28, I-47). */
final class TxidAgesTest {
    private static final Instant START = Instant.parse("2026-11-21T09:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final SimulatedClock clock = new SimulatedClock(START);
    private TxidAges ages = new TxidAges(clock);

    @Test
    void nothingIsOldAtFirst() {
        ages.seen(txid(5));
        assertThat(ages.olderThan(Duration.ofSeconds(1))).isEqualTo(Txid.NONE);
        assertThat(ages.olderThan(Duration.ZERO)).isEqualTo(txid(5));
    }

    @Test
    void i28NoWallClockMakesATxidOlderOrYounger() {
        ages.seen(txid(1));
        clock.setError(Duration.ofDays(3650));
        clock.advance(Duration.ofHours(23));
        ages.seen(txid(2));
        assertThat(ages.olderThan(DAY)).isEqualTo(Txid.NONE);
        clock.setError(Duration.ofDays(-3650));
        clock.advance(Duration.ofHours(2));
        assertThat(ages.olderThan(DAY)).isEqualTo(txid(1));
        assertThat(ages.ageOf(txid(2))).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void i57ShortRunsWithPausesBetweenThemAddUp() {
        for (int run = 1; run <= 10; run++) {
            ages.seen(txid(run));
            clock.advance(Duration.ofHours(9));
            TxidAges left = ages;
            long ran = left.ran();
            clock.advance(Duration.ofHours(15));
            ages = TxidAges.resume(clock, ran, left.known());
        }
        assertThat(ages.olderThan(Duration.ofDays(3))).isEqualTo(txid(3));
    }

    @Test
    void whatIsRememberedOfAnotherHistoryIsForgotten() {
        ages.seen(txid(500));
        clock.advance(DAY);
        ages.forgetAbove(txid(3));
        ages.seen(txid(3));
        assertThat(ages.olderThan(Duration.ofHours(1))).isEqualTo(Txid.NONE);
    }

    @Test
    void i47AHistoryWithoutARecordIsAsOldAsItsTimesSayLessOneStepOfTheClock() {
        NavigableMap<Txid, Instant> times = new TreeMap<>();
        for (int hour = 0; hour <= 48; hour++) {
            times.put(txid(hour + 1), START.plus(Duration.ofHours(hour)));
        }
        ages.startWith(() -> times, DAY);
        assertThat(ages.olderThan(DAY)).isEqualTo(txid(22));
    }

    @Test
    void i47AStepOfTheClockInAHistoryWithoutARecordMakesNothingOld() {
        for (Duration step : new Duration[] {
            Duration.ofMinutes(50), Duration.ofHours(2), Duration.ofHours(12), DAY, Duration.ofDays(3650)
        }) {
            TxidAges fresh = new TxidAges(clock);
            NavigableMap<Txid, Instant> times = new TreeMap<>();
            for (int minute = 0; minute < 23 * 60; minute++) {
                Instant time = START.plus(Duration.ofMinutes(minute));
                times.put(txid(minute + 1), minute < 300 ? time : time.plus(step));
            }
            fresh.startWith(() -> times, DAY);
            assertThat(fresh.olderThan(DAY)).as("%s", step).isEqualTo(Txid.NONE);
        }
    }

    @Test
    void timesDoNotCountWhereThereIsARecordAndCountOnce() {
        NavigableMap<Txid, Instant> times = new TreeMap<>();
        for (int hour = 0; hour <= 48; hour++) {
            times.put(txid(hour + 1), START.plus(Duration.ofHours(hour)));
        }
        TxidAges resumed = TxidAges.resume(clock, 0, ages.known());
        resumed.startWith(() -> times, DAY);
        assertThat(resumed.olderThan(Duration.ofHours(1))).isEqualTo(Txid.NONE);
    }

    @Test
    void theLastTxidBeforeASilenceIsAsOldAsItIs() {
        ages.seen(txid(1));
        clock.advance(Duration.ofMillis(50));
        ages.seen(txid(2));
        clock.advance(Duration.ofHours(1));
        assertThat(ages.olderThan(Duration.ofMinutes(5))).isEqualTo(txid(2));
        ages.seen(txid(3));
        assertThat(ages.olderThan(Duration.ofMinutes(5))).isEqualTo(txid(2));
    }

    @Test
    void aYearOfCommitsIsRememberedInLittleRoomAndNeverOlderThanItIs() {
        long seed = Long.getLong("runnel.seed", System.nanoTime());
        System.out.println("runnel.seed=" + seed);
        Random random = new Random(seed);
        TreeMap<Long, Long> made = new TreeMap<>();
        for (int i = 1; i <= 50_000; i++) {
            clock.advance(
                    Duration.ofMillis(random.nextInt(20) == 0 ? random.nextInt(20_000_000) : random.nextInt(900)));
            made.put((long) i, clock.ticks());
            ages.seen(txid(i));
        }
        assertThat(ages.known()).hasSizeLessThanOrEqualTo(TxidAges.MOST_KNOWN);
        for (Duration age : new Duration[] {Duration.ofMinutes(5), Duration.ofHours(1), DAY, Duration.ofDays(30)}) {
            long old = ages.olderThan(age).value();
            assertThat(clock.ticks() - made.getOrDefault(old, 0L)).isGreaterThanOrEqualTo(age.toNanos());
            long sure = made.floorEntry(old + 1).getValue();
            long late = made.entrySet().stream()
                    .filter(each -> clock.ticks() - each.getValue() >= age.toNanos() * 5 / 4 + 100_000_000)
                    .mapToLong(java.util.Map.Entry::getKey)
                    .max()
                    .orElse(0);
            assertThat(sure).isPositive();
            assertThat(old).as("after %s", age).isGreaterThanOrEqualTo(late);
        }
    }

    private static Txid txid(long value) {
        return new Txid(value);
    }
}

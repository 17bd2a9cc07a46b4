package dev.runnel.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.testkit.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** For how long a record at a replica keeps what was there before. */
final class TakeoverTest {
    private static final Instant RECORDED = Instant.parse("2026-11-30T00:00:00Z");
    private static final Takeover TAKEOVER = new Takeover(new Txid(5), Takeover.Kind.ADOPTED, RECORDED, "9/record");

    /** A replica was unreachable for so long that the TXIDs above its last one are old at the others. */
    @Test
    void i54ARecordAtAReplicaThatComesBackLateHoldsForThirtyDaysFromThen() {
        SimulatedClock clock = new SimulatedClock(RECORDED.minus(Takeover.KEPT.multipliedBy(2)));
        TxidAges ages = agesWithNextTxid(clock);
        clock.advance(Takeover.KEPT.multipliedBy(2));
        assertThat(TAKEOVER.isInForce(ages, clock.now())).isTrue();
        clock.advance(Takeover.KEPT);
        assertThat(TAKEOVER.isInForce(ages, clock.now())).isFalse();
    }

    /** What was recorded by a clock that was years behind is as old as Runnel has run since. */
    @Test
    void i54AClockThatWasBehindDoesNotEndTheProtection() {
        SimulatedClock clock = new SimulatedClock(RECORDED.plus(Duration.ofDays(3650)));
        TxidAges ages = agesWithNextTxid(clock);
        clock.advance(Takeover.KEPT.minusDays(1));
        assertThat(TAKEOVER.isInForce(ages, clock.now())).isTrue();
        clock.advance(Duration.ofDays(1));
        assertThat(TAKEOVER.isInForce(ages, clock.now())).isFalse();
    }

    private static TxidAges agesWithNextTxid(SimulatedClock clock) {
        TxidAges ages = new TxidAges(clock);
        ages.seen(TAKEOVER.last().next());
        return ages;
    }
}

package dev.runnel.replica.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.Takeover;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a record at the replica keeps, whatever retention says. */
final class KeptObjectsTest {
    private static final Instant RECORDED = Instant.parse("2026-11-30T00:00:00Z");
    private static final HistoryObject OLD_SNAPSHOT = object(HistoryObject.SNAPSHOTS, 1, 2);
    private static final HistoryObject SNAPSHOT = object(HistoryObject.SNAPSHOTS, 1, 4);
    private static final HistoryObject FIFTH = object(HistoryObject.CHANGE_SETS, 5, 5);
    private static final HistoryObject SIXTH = object(HistoryObject.CHANGE_SETS, 6, 6);
    private static final HistoryObject MERGED = object(HistoryObject.COMPACTED, 5, 7);
    private static final HistoryObject LATER = object(HistoryObject.SNAPSHOTS, 1, 9);
    private static final List<HistoryObject> ALL = List.of(OLD_SNAPSHOT, SNAPSHOT, FIFTH, SIXTH, MERGED, LATER);

    private static HistoryObject object(int level, long min, long max) {
        TxidRange range = new TxidRange(new Txid(min), new Txid(max));
        return new HistoryObject(level, range, 100, RECORDED, level + "/" + range);
    }

    private static KeptObjects kept(Takeover.Kind kind, long last, Duration after) {
        Takeover takeover = new Takeover(new Txid(last), kind, RECORDED, "9/record");
        return KeptObjects.of(ALL, List.of(takeover), each -> each.isInForce(RECORDED.plus(after)));
    }

    @Test
    void i54TheLastStateBeforeAnAdoptionKeepsWhatRestoresItAndNothingElse() {
        KeptObjects kept = kept(Takeover.Kind.ADOPTED, 5, Duration.ofDays(29));
        assertThat(ALL).filteredOn(kept::contains).containsExactly(SNAPSHOT, FIFTH);
    }

    @Test
    void i54AfterThirtyDaysItKeepsNothing() {
        assertThat(ALL).noneMatch(kept(Takeover.Kind.ADOPTED, 5, Takeover.KEPT)::contains);
    }

    @Test
    void i54AStateThatCannotBeFoundKeepsEverythingUpToIt() {
        KeptObjects kept = kept(Takeover.Kind.ADOPTED, 8, Duration.ofDays(1));
        assertThat(ALL).filteredOn(kept::contains).containsExactly(OLD_SNAPSHOT, SNAPSHOT, FIFTH, SIXTH, MERGED);
    }

    @Test
    void i55WhatIsEncryptedStaysHoweverOldTheRecordIs() {
        KeptObjects kept = kept(Takeover.Kind.ENCRYPTED, 6, Duration.ofDays(3650));
        assertThat(ALL).filteredOn(kept::contains).containsExactly(OLD_SNAPSHOT, SNAPSHOT, FIFTH, SIXTH);
    }

    @Test
    void withoutARecordRetentionIsFree() {
        assertThat(ALL).noneMatch(KeptObjects.of(ALL, List.of(), each -> each.isInForce(RECORDED))::contains);
    }
}

package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.inventory.HistoryObject;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LtxPlannerTest {
    private static final String WHOLE = "9/1-1@1 0/2-2@2 0/3-3@3 0/4-4@4 1/2-3@3 1/4-6@6 0/7-7@7 9/1-6@8";
    private static final String HOLE = "9/1-1@1 0/2-2@2 0/3-3@3 0/6-6@6 0/7-7@7";
    private static final String HEALED = HOLE + " 9/1-8@8 0/9-9@9";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            latest   | 9/1-6 0/7-7
            txid 1   | 9/1-1
            txid 2   | 9/1-1 0/2-2
            txid 3   | 9/1-1 1/2-3
            txid 4   | 9/1-1 1/2-3 0/4-4
            txid 6   | 9/1-6
            txid 7   | 9/1-6 0/7-7
            time 1   | 9/1-1
            time 1.9 | 9/1-1
            time 2   | 9/1-1 0/2-2
            time 6   | 9/1-1 1/2-3 1/4-6
            time 7.5 | 9/1-1 1/2-3 1/4-6 0/7-7
            time 8   | 9/1-6 0/7-7
            time 999 | 9/1-6 0/7-7
            """)
    void i26EveryTargetOfAWholeHistoryHasItsFewestFiles(String target, String files) throws IOException {
        assertThat(Listing.text(plan(WHOLE, target))).isEqualTo(files);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            latest   | 7 | 7
            txid 6   | 6 | 6
            time 4.5 | 4 | 4
            time 6.5 | 6 | 6
            time 3   | 3 | 3
            time 999 | 7 | 7
            """)
    void i26AnAnswerSaysWhichTxidAndTimeItReaches(String target, long txid, String time) throws IOException {
        RestorePlan plan = plan(WHOLE, target);

        assertThat(plan.reached()).isEqualTo(new Txid(txid));
        assertThat(plan.time()).isEqualTo(txid == 6 && target.startsWith("txid") ? Listing.at("6") : Listing.at(time));
    }

    @Test
    void i26ATimeBelowASecondOrInAnotherZoneIsTheSameMoment() throws IOException {
        List<HistoryObject> files = Listing.of("9/1-1@1 0/2-2@1.001 0/3-3@1.002");
        Instant elsewhere =
                OffsetDateTime.parse("2026-11-21T14:30:01.001999999+05:30").toInstant();

        RestorePlan plan = new LtxPlanner("r", files).plan(new RestoreTarget.AtTime(elsewhere));

        assertThat(plan.reached()).isEqualTo(new Txid(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            time 0.999 | nothing is as old as 2026-11-21T09:00:00.999Z; nearest restorable: none before, after it TXID 0000000000000001 of 2026-11-21T09:00:01Z
            txid 5     | TXID 0000000000000005 cannot be restored: it lies inside ltx/1/0000000000000004-0000000000000006.ltx; nearest restorable: before it TXID 0000000000000004 of 2026-11-21T09:00:04Z, after it TXID 0000000000000006 of 2026-11-21T09:00:06Z
            txid 8     | TXID 0000000000000008 is past the newest one, 0000000000000007; nearest restorable: before it TXID 0000000000000007 of 2026-11-21T09:00:07Z, none after
            """)
    void i26WhatCannotBeReachedNamesTheNearestPoints(String target, String message) {
        assertThatThrownBy(() -> plan(WHOLE, target))
                .isInstanceOf(ReplicaException.NotReachable.class)
                .hasMessage("the replica: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            latest   | the newest state, TXID 0000000000000007, cannot be restored: TXIDs 0000000000000004 to 0000000000000005 are missing
            txid 4   | TXID 0000000000000004 cannot be restored: TXID 0000000000000004 is missing
            txid 6   | TXID 0000000000000006 cannot be restored: TXIDs 0000000000000004 to 0000000000000005 are missing
            time 3   | the state of 2026-11-21T09:00:03Z is unknown: TXIDs 0000000000000004 to 0000000000000005 are missing
            time 5.9 | the state of 2026-11-21T09:00:05.900Z is unknown: TXIDs 0000000000000004 to 0000000000000005 are missing
            time 6   | the state of 2026-11-21T09:00:06Z, TXID 0000000000000006, cannot be restored: TXIDs 0000000000000004 to 0000000000000005 are missing
            time 999 | the state of 2026-11-21T09:16:39Z, TXID 0000000000000007, cannot be restored: TXIDs 0000000000000004 to 0000000000000005 are missing
            """)
    void i27NothingAcrossAHoleIsRestoredOlderInSilence(String target, String message) {
        assertThatThrownBy(() -> plan(HOLE, target))
                .isInstanceOf(ReplicaException.NotReachable.class)
                .hasMessage("the replica: " + message
                        + "; nearest restorable: before it TXID 0000000000000003 of 2026-11-21T09:00:03Z, none after");
    }

    @Test
    void i27AStateBeforeTheHoleIsRestored() throws IOException {
        assertThat(plan(HOLE, "time 2.9").reached()).isEqualTo(new Txid(2));
        assertThat(plan(HOLE, "txid 3").reached()).isEqualTo(new Txid(3));
    }

    @Test
    void aBaselineBeyondAHoleMakesWhatFollowsItRestorable() throws IOException {
        assertThat(Listing.text(plan(HEALED, "latest"))).isEqualTo("9/1-8 0/9-9");
        assertThat(plan(HEALED, "time 8.5").reached()).isEqualTo(new Txid(8));
        assertThatThrownBy(() -> plan(HEALED, "time 5"))
                .hasMessageContaining("TXIDs 0000000000000004 to 0000000000000005 are missing")
                .hasMessageContaining("before it TXID 0000000000000003")
                .hasMessageContaining("after it TXID 0000000000000008");
    }

    @Test
    void anOlderBaselineBridgesTheHoleOfANewerOne() throws IOException {
        String files = "9/1-2@2 1/3-6@6 9/1-4@4 0/6-6@6";

        assertThat(Listing.text(plan(files, "latest"))).isEqualTo("9/1-4 1/3-6");
        assertThat(Listing.text(new LtxPlanner("r", Listing.of(files))
                        .without(Set.of(
                                LtxKeys.folder().key(9, Listing.of(files).get(2).range())))
                        .plan(new RestoreTarget.Latest())))
                .isEqualTo("9/1-2 1/3-6");
    }

    @Test
    void aStateInsideAMergedFileGivesTheOneBeforeIt() throws IOException {
        RestorePlan plan = plan("9/1-1@1 1/2-5@5 0/6-6@6", "time 4.9");

        assertThat(plan.reached()).isEqualTo(new Txid(1));
        assertThat(plan.time()).isEqualTo(Listing.at("1"));
    }

    @Test
    void historyWithoutABaselineCannotBeRestored() {
        assertThatThrownBy(() -> plan("0/5-5@5 0/6-6@6", "latest"))
                .isInstanceOf(ReplicaException.NotReachable.class)
                .hasMessageContaining("TXIDs 0000000000000001 to 0000000000000004 are missing")
                .hasMessageContaining("no other point can be restored");
    }

    @Test
    void i20AFileTooShortToBeOneIsNotPlannedWithAndNotForgotten() throws IOException {
        String files = "9/1-1@1 0/2-2@2 0/3-3@3#60";

        assertThatThrownBy(() -> plan(files, "latest"))
                .hasMessageContaining("TXID 0000000000000003 is missing, because these cannot be used: "
                        + "ltx/0/0000000000000003-0000000000000003.ltx (60 bytes)");
        assertThat(plan(files, "txid 2").reached()).isEqualTo(new Txid(2));
        assertThat(plan(files + " 1/2-3@3", "latest").reached()).isEqualTo(new Txid(3));
    }

    @Test
    void i21OrderAndDuplicatesOfAListingDoNotMatter() throws IOException {
        List<HistoryObject> files = Listing.of(WHOLE + " " + WHOLE).reversed();

        assertThat(Listing.text(new LtxPlanner("r", files).plan(new RestoreTarget.Latest())))
                .isEqualTo("9/1-6 0/7-7");
    }

    @Test
    void anEmptyReplicaHasNothingToRestore() {
        assertThatThrownBy(() -> plan("", "latest")).isInstanceOf(ReplicaException.NothingToRestore.class);
    }

    @Test
    void i18TheWholePartEndsAtTheFirstHole() {
        LtxPlanner planner = new LtxPlanner("r", Listing.of(HOLE));

        assertThat(planner.whole()).isEqualTo(new Txid(3));
        assertThat(planner.highest()).isEqualTo(new Txid(7));
        assertThat(new LtxPlanner("r", Listing.of(HEALED)).whole()).isEqualTo(new Txid(9));
        assertThat(new LtxPlanner("r", List.of()).whole()).isEqualTo(Txid.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            9/1-1@1 0/2-2@2 0/3-3@3 9/1-3@4 0/4-4@5 | 1-4 of 1 to 5
            9/1-1@1 0/2-2@2 9/1-3@3 0/4-4@4         | 1-2 of 1 to 2, 3-4 of 3 to 4
            9/1-3@3 1/4-7@7 9/1-5@5                 | 3-7 of 3 to 7
            9/1-1@1 0/2-2@2 0/5-5@5                 | 1-2 of 1 to 2
            0/5-5@5                                 | ''
            """)
    void historyIsUnbrokenChainsOldestFirst(String files, String chains) {
        assertThat(new LtxPlanner("r", Listing.of(files))
                        .history().chains().stream()
                                .map(chain -> chain.txids().min().value() + "-"
                                        + chain.txids().max().value() + " of "
                                        + (chain.from().getEpochSecond() - Listing.ORIGIN.getEpochSecond()) + " to "
                                        + (chain.to().getEpochSecond() - Listing.ORIGIN.getEpochSecond()))
                                .collect(Collectors.joining(", ")))
                .isEqualTo(chains);
    }

    private static RestorePlan plan(String files, String target) throws IOException {
        return new LtxPlanner("the replica", Listing.of(files)).plan(target(target));
    }

    private static RestoreTarget target(String text) {
        List<String> words = Arrays.asList(text.split(" ", -1));
        return switch (words.getFirst()) {
            case "txid" -> new RestoreTarget.AtTxid(Listing.txid(words.getLast()));
            case "time" -> new RestoreTarget.AtTime(Listing.at(words.getLast()));
            default -> new RestoreTarget.Latest();
        };
    }
}

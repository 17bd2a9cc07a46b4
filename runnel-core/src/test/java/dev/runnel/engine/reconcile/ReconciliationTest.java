package dev.runnel.engine.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.reconcile.Decision.Action;
import dev.runnel.engine.reconcile.LocalFacts.Beginning;
import dev.runnel.engine.reconcile.ReplicaState.Diverged;
import dev.runnel.engine.reconcile.ReplicaState.Foreign;
import dev.runnel.engine.reconcile.ReplicaState.Locked;
import dev.runnel.engine.reconcile.ReplicaState.Ours;
import dev.runnel.engine.reconcile.ReplicaState.Suspected;
import dev.runnel.engine.reconcile.ReplicaState.Unseen;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole table: every state, with every comparison, ahead or not, with every kind of beginning. */
final class ReconciliationTest {
    private static final long OUR_LINEAGE = 7;
    private static final long ANOTHER_LINEAGE = 8;
    private static final Txid WHOLE = new Txid(10);
    private static final Txid NEWEST = new Txid(12);
    private static final Instant STARTED = Instant.parse("2026-11-30T00:00:00Z");
    private static final long WATCH = 5_000_000_000L;
    private static final long NOW = 100_000_000_000L;

    private static Proof proof(long lineage) {
        return new Proof(Long.MIN_VALUE | 1, lineage);
    }

    private static Observation seen(Comparison comparison) {
        return seen(comparison, WHOLE, OUR_LINEAGE);
    }

    private static Observation seen(Comparison comparison, Txid whole, long lineage) {
        return comparison == Comparison.EMPTY
                ? new Observation(Txid.NONE, Txid.NONE, Optional.empty(), comparison, Optional.empty())
                : new Observation(whole, whole, Optional.of(proof(lineage)), comparison, Optional.of(STARTED));
    }

    private static LocalFacts facts(Optional<Beginning> pending, Optional<Txid> atOpening) {
        return new LocalFacts(NEWEST, OptionalLong.of(OUR_LINEAGE), pending, atOpening, false, STARTED, NOW, WATCH);
    }

    private static final LocalFacts USUAL = facts(Optional.empty(), Optional.of(WHOLE));
    private static final LocalFacts BEGUN = facts(Optional.of(new Beginning(WHOLE, false)), Optional.of(WHOLE));
    private static final LocalFacts ADOPTING = facts(Optional.of(new Beginning(WHOLE, true)), Optional.of(WHOLE));

    private static Suspected suspected(Comparison comparison, long since) {
        return new Suspected(seen(comparison), Cause.NOT_COMPARABLE, since);
    }

    private static Decision decide(ReplicaState state, Observation seen, LocalFacts facts) {
        return Reconciliation.decide(state, seen, facts);
    }

    private static void assertStopped(Decision decision) {
        assertThat(decision.state()).isInstanceOf(Foreign.class);
        assertThat(decision.action()).isEqualTo(new Action.Stop());
    }

    @Test
    void aHistoryThatEndsInAStateOfOursIsOurs() {
        for (ReplicaState state : List.of(
                new Unseen(), new Ours(WHOLE), suspected(Comparison.SAME, NOW), new Diverged(WHOLE, Cause.ENCRYPTED))) {
            assertThat(decide(state, seen(Comparison.SAME), USUAL))
                    .isEqualTo(new Decision(new Ours(WHOLE), new Action.Continue()));
        }
    }

    @Test
    void nothingAtTheReplicaIsOurs() {
        assertThat(decide(new Unseen(), seen(Comparison.EMPTY), ADOPTING))
                .isEqualTo(new Decision(new Ours(Txid.NONE), new Action.Continue()));
    }

    @ParameterizedTest
    @EnumSource(names = {"DIFFERENT", "UNKNOWN"})
    void i44WhatCouldNotBeComparedIsWatchedLikeWhatDiffersAndNeverOurs(Comparison comparison) {
        Observation seen = seen(comparison);
        Decision first = decide(new Unseen(), seen, USUAL);
        assertThat(first.action()).isEqualTo(new Action.Watch());
        assertThat(first.state()).isInstanceOf(Suspected.class);
        Suspected early = new Suspected(seen, Cause.NOT_COMPARABLE, NOW - WATCH + 1);
        assertThat(decide(early, seen, USUAL)).isEqualTo(new Decision(early, new Action.Watch()));
        Decision late = decide(new Suspected(seen, Cause.NOT_COMPARABLE, NOW - WATCH), seen, USUAL);
        assertThat(late.state()).isInstanceOf(Diverged.class);
        assertThat(late.action()).isInstanceOf(Action.SnapshotAbove.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"DIFFERENT", "UNKNOWN"})
    void i44ASnapshotThatFailedIsDueAgainWhateverIsKnown(Comparison comparison) {
        Decision again = decide(new Diverged(WHOLE, Cause.ANOTHER_HISTORY), seen(comparison), USUAL);
        assertThat(again.state()).isInstanceOf(Diverged.class);
        assertThat(again.action()).isInstanceOf(Action.SnapshotAbove.class);
    }

    @Test
    void i23WhatMovesWhileItIsWatchedIsAnotherWriters() {
        Observation moved = seen(Comparison.UNKNOWN, WHOLE.next(), OUR_LINEAGE);
        assertStopped(decide(suspected(Comparison.UNKNOWN, NOW), moved, USUAL));
        assertStopped(decide(new Diverged(WHOLE, Cause.ANOTHER_HISTORY), moved, USUAL));
    }

    @Test
    void i23WhatIsYoungerThanThisProcessIsAnotherWriters() {
        Observation young = new Observation(
                WHOLE,
                WHOLE,
                Optional.of(proof(OUR_LINEAGE)),
                Comparison.UNKNOWN,
                Optional.of(STARTED.plusSeconds(61)));
        assertStopped(decide(new Unseen(), young, USUAL));
    }

    @Test
    void i23AnotherStateBesideWhatWasOursIsAnotherWriters() {
        assertStopped(decide(new Ours(WHOLE), seen(Comparison.DIFFERENT), USUAL));
        assertStopped(decide(new Ours(WHOLE), seen(Comparison.UNKNOWN, WHOLE.next(), OUR_LINEAGE), USUAL));
    }

    @Test
    void i44AnotherHistoryBelowWhatWasOursAndIsLostIsWatched() {
        Observation seen = seen(Comparison.DIFFERENT, new Txid(4), OUR_LINEAGE);
        Decision first = decide(new Ours(WHOLE), seen, USUAL);
        assertThat(first.action()).isEqualTo(new Action.Watch());
        assertThat(first.state()).isInstanceOf(Suspected.class);
        Decision late = decide(new Suspected(seen, Cause.ANOTHER_HISTORY, NOW - WATCH), seen, USUAL);
        assertThat(late.action()).isInstanceOf(Action.SnapshotAbove.class);
    }

    @Test
    void objectsThatWereOursAndAreLostAreUploadedAgain() {
        Txid left = new Txid(4);
        assertThat(decide(new Ours(WHOLE), seen(Comparison.UNKNOWN, left, OUR_LINEAGE), USUAL))
                .isEqualTo(new Decision(new Ours(left), new Action.Continue()));
    }

    @Test
    void i54TheReplicaOfAnotherDatabaseIsLeftAloneIfNoLocalHistoryWasLost() {
        Observation another = seen(Comparison.DIFFERENT, WHOLE, ANOTHER_LINEAGE);
        assertStopped(decide(new Unseen(), another, USUAL));
        assertThat(decide(new Unseen(), another, BEGUN).action()).isEqualTo(new Action.Watch());
    }

    @Test
    void i54AnAdoptionIsWatchedAndMarkedBeforeAnythingIsUploaded() {
        Observation seen = seen(Comparison.SAME);
        Decision first = decide(new Unseen(), seen, ADOPTING);
        assertThat(first).isEqualTo(new Decision(new Suspected(seen, Cause.ADOPTION, NOW), new Action.Watch()));
        Suspected watched = new Suspected(seen, Cause.ADOPTION, NOW - WATCH);
        assertThat(decide(watched, seen, ADOPTING))
                .isEqualTo(new Decision(new Ours(WHOLE), new Action.MarkAdoption(WHOLE)));
        assertStopped(decide(watched, seen(Comparison.SAME, WHOLE.next(), OUR_LINEAGE), ADOPTING));
    }

    @Test
    void i55EncryptedHistoryIsLeftAloneUnlessItMayBeLeft() {
        Observation locked =
                new Observation(Txid.NONE, WHOLE, Optional.empty(), Comparison.UNREADABLE, Optional.of(STARTED));
        assertThat(decide(new Unseen(), locked, USUAL)).isEqualTo(new Decision(new Locked(), new Action.Stop()));
        LocalFacts allowed = new LocalFacts(
                NEWEST, OptionalLong.of(OUR_LINEAGE), Optional.empty(), Optional.of(WHOLE), true, STARTED, NOW, WATCH);
        assertThat(decide(new Unseen(), locked, allowed).action()).isEqualTo(new Action.Watch());
        assertThat(decide(new Suspected(locked, Cause.ENCRYPTED, NOW - WATCH), locked, allowed))
                .isEqualTo(new Decision(
                        new Diverged(WHOLE, Cause.ENCRYPTED),
                        new Action.SnapshotAbove(WHOLE, Txid.NONE, Cause.ENCRYPTED)));
    }

    @Test
    void aReplicaThatWasUnreachableAndIsAheadHasTheHistoryOpenedAgain() {
        Observation ahead = seen(Comparison.UNKNOWN, NEWEST.next(), OUR_LINEAGE);
        assertThat(decide(new Unseen(), ahead, facts(Optional.empty(), Optional.empty())))
                .isEqualTo(new Decision(new Unseen(), new Action.Reopen()));
        assertThat(decide(new Unseen(), ahead, facts(Optional.empty(), Optional.of(NEWEST.next()))))
                .as("it is being opened above that")
                .isEqualTo(new Decision(new Unseen(), new Action.Watch()));
        assertStopped(decide(new Unseen(), ahead, USUAL));
    }

    /** What must hold whatever comes together. */
    @Test
    void i44OfAllCombinationsOnlyEqualStatesAndLostObjectsAreContinued() {
        Set<Comparison> continued = EnumSet.noneOf(Comparison.class);
        int combinations = 0;
        for (ReplicaState state : everyState()) {
            for (Observation seen : everyObservation()) {
                for (LocalFacts facts : everyFacts()) {
                    combinations++;
                    Decision decision = decide(state, seen, facts);
                    boolean isAhead = seen.highest().isAfter(facts.newest());
                    if (decision.state() instanceof Ours ours) {
                        continued.add(seen.comparison());
                        assertThat(isAhead).as("%s %s %s", state, seen, facts).isFalse();
                        boolean isLost = state instanceof Ours before
                                && seen.comparison() == Comparison.UNKNOWN
                                && !seen.whole().isAfter(before.position());
                        assertThat(seen.comparison() == Comparison.SAME
                                        || seen.comparison() == Comparison.EMPTY
                                        || isLost)
                                .as("%s %s %s", state, seen, facts)
                                .isTrue();
                        assertThat(ours.position()).isEqualTo(seen.whole());
                    }
                    if (state instanceof Foreign || state instanceof Locked) {
                        assertThat(decision.state()).isEqualTo(state);
                    }
                    if (decision.action() instanceof Action.SnapshotAbove above) {
                        assertThat(above.highest().compareTo(seen.highest())).isNotNegative();
                        assertThat(state).isInstanceOfAny(Suspected.class, Diverged.class);
                    }
                    if (decision.action() instanceof Action.Continue) {
                        assertThat(decision.state()).isInstanceOf(Ours.class);
                    }
                }
            }
        }
        assertThat(continued).containsExactlyInAnyOrder(Comparison.EMPTY, Comparison.SAME, Comparison.UNKNOWN);
        assertThat(combinations).isGreaterThan(1000);
    }

    private static List<ReplicaState> everyState() {
        List<ReplicaState> states = new ArrayList<>(
                List.of(new Unseen(), new Ours(WHOLE), new Ours(Txid.NONE), new Foreign(WHOLE), new Locked()));
        for (Cause cause : Cause.values()) {
            states.add(new Diverged(WHOLE, cause));
            for (Comparison comparison : Comparison.values()) {
                states.add(new Suspected(seen(comparison), cause, NOW));
                states.add(new Suspected(seen(comparison), cause, NOW - WATCH));
            }
        }
        return states;
    }

    private static List<Observation> everyObservation() {
        return Stream.of(Comparison.values())
                .flatMap(comparison -> Stream.of(new Txid(4), WHOLE, NEWEST, NEWEST.next())
                        .flatMap(whole -> Stream.of(
                                seen(comparison, whole, OUR_LINEAGE), seen(comparison, whole, ANOTHER_LINEAGE))))
                .toList();
    }

    private static List<LocalFacts> everyFacts() {
        return Stream.of(Optional.<Beginning>empty(), BEGUN.pending(), ADOPTING.pending())
                .flatMap(pending -> Stream.of(Optional.<Txid>empty(), Optional.of(WHOLE), Optional.of(NEWEST.next()))
                        .map(atOpening -> facts(pending, atOpening)))
                .toList();
    }

    @Test
    void i44NothingToCompareIsUnknownAndBeyondAHoleBothEndsCount() {
        Optional<Proof> ours = Optional.of(proof(OUR_LINEAGE));
        Optional<Proof> other = Optional.of(new Proof(Long.MIN_VALUE | 2, OUR_LINEAGE));
        Optional<Proof> none = Optional.empty();
        assertThat(compare(ours, ours, ours, ours)).isEqualTo(Comparison.SAME);
        assertThat(compare(ours, none, none, none)).isEqualTo(Comparison.UNKNOWN);
        assertThat(compare(none, ours, none, none)).isEqualTo(Comparison.UNKNOWN);
        assertThat(compare(other, ours, ours, ours)).isEqualTo(Comparison.DIFFERENT);
        assertThat(compare(ours, ours, other, ours)).isEqualTo(Comparison.DIFFERENT);
        assertThat(compare(ours, ours, none, ours)).isEqualTo(Comparison.UNKNOWN);
        assertThat(Comparison.of(new Position(WHOLE, WHOLE, WHOLE, none), new Comparison.Known(ours, ours, true)))
                .as("it was read back from this replica")
                .isEqualTo(Comparison.SAME);
    }

    private static Comparison compare(
            Optional<Proof> whole, Optional<Proof> knownWhole, Optional<Proof> highest, Optional<Proof> knownHighest) {
        Position beyondAHole = new Position(WHOLE, NEWEST, WHOLE, whole, highest, false);
        return Comparison.of(beyondAHole, new Comparison.Known(knownWhole, knownHighest, false));
    }
}

package dev.runnel.engine;

import dev.runnel.engine.PendingReplicas.Pending;
import dev.runnel.engine.reconcile.Cause;
import dev.runnel.engine.reconcile.Comparison;
import dev.runnel.engine.reconcile.Decision;
import dev.runnel.engine.reconcile.Decision.Action;
import dev.runnel.engine.reconcile.LocalFacts;
import dev.runnel.engine.reconcile.Observation;
import dev.runnel.engine.reconcile.Reconciliation;
import dev.runnel.engine.reconcile.ReplicaState;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.SelectedImage;
import dev.runnel.replica.Takeover;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose history one replica holds: gathers the facts for {@link Reconciliation}, and does what it decides. A state is
 * entered once its action is done, so that an action that fails is decided again from durable facts.
 */
final class ReplicaReconciler {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaReconciler.class);

    private final Path database;
    private final String name;
    private final String failureDomain;
    private final Replica replica;
    private final boolean mayLeaveEncryption;
    private final Duration watch;
    private final Clock clock;
    private final Instant started;
    private ReplicaState state = new ReplicaState.Unseen();
    private boolean reopenAsked;

    /** What is there was not known when the local history was opened. */
    private boolean isReclaimed;

    /** The replica was ours since the local history was opened: that an object is young says nothing. */
    private boolean wasOurs;

    private BiConsumer<ReplicaState, Decision> observer = (_, _) -> {};

    ReplicaReconciler(Path database, DatabaseSpec.ReplicaSpec spec, Clock clock) {
        this.database = database;
        this.name = spec.name();
        this.failureDomain = spec.failureDomain();
        this.replica = spec.replica();
        this.mayLeaveEncryption = spec.duties().contains(DatabaseSpec.Duty.LEAVE_ENCRYPTED);
        this.watch = spec.intervals().inTrouble();
        this.clock = clock;
        this.started = clock.now();
    }

    ReplicaState state() {
        return state;
    }

    /** The replica is complete up to a TXID: what is found there later up to that TXID was written by this process. */
    void completeUpTo(Txid txid) {
        if (state instanceof ReplicaState.Ours) {
            state = new ReplicaState.Ours(txid);
            wasOurs = true;
        }
    }

    /** Has every decision told, with the state before it. */
    void onDecision(BiConsumer<ReplicaState, Decision> told) {
        observer = told;
    }

    /** The local history was opened, perhaps another one than before: nothing was compared with it. */
    void historyOpened() {
        reopenAsked = false;
        isReclaimed = false;
        wasOurs = false;
        if (!(state instanceof ReplicaState.Foreign || state instanceof ReplicaState.Locked)) {
            state = new ReplicaState.Unseen();
        }
    }

    /**
     * Reconciles what was found at the replica with the local history.
     *
     * @param atOpening the highest TXID that the replica had when the local history was opened
     * @return what to continue from; empty if nothing may be uploaded now
     * @throws ReplicaException.Foreign if another process writes there
     * @throws ReplicaException.Locked if the history there is encrypted for unknown keys
     */
    Optional<Position> reconcile(ReplicaSource from, Position found, Optional<Txid> atOpening)
            throws IOException, InterruptedException {
        Position now = found;
        if (found.highest().isNone() && state instanceof ReplicaState.Unseen && reclaim(from)) {
            isReclaimed = true;
            now = replica.position();
        }
        return act(from, now, isReclaimed ? Optional.empty() : atOpening);
    }

    /** Whether objects of the local lineage turn out to be there that were not taken for history of Runnel's. */
    private boolean reclaim(ReplicaSource from) throws IOException {
        OptionalLong lineage = lineage(from, from.pending().find(name));
        if (lineage.isEmpty() || !replica.reclaim(lineage.getAsLong())) {
            return false;
        }
        LOG.warn(
                "{}: the mark that says that Runnel wrote generation {} at {} was lost, and has been written again",
                database,
                String.format(Locale.ROOT, "%016x", lineage.getAsLong()),
                name);
        return true;
    }

    private Optional<Position> act(ReplicaSource from, Position found, Optional<Txid> atOpening)
            throws IOException, InterruptedException {
        Decision decision = decide(from, found, atOpening);
        return switch (decision.action()) {
            case Action.Continue() -> continueFrom(from, found, decision.state());
            case Action.Watch() -> {
                state = decision.state();
                yield Optional.empty();
            }
            case Action.Reopen() -> {
                reopen(from, found);
                yield Optional.empty();
            }
            case Action.MarkAdoption(Txid last) -> {
                mark(from, last, Takeover.Kind.ADOPTED);
                warnOfAdoption(last);
                yield continueFrom(from, found, decision.state());
            }
            case Action.SnapshotAbove above -> {
                state = decision.state();
                continueAbove(from, above);
                yield Optional.of(afterSnapshot(from, atOpening));
            }
            case Action.Stop() -> {
                state = decision.state();
                throw stopped(found);
            }
        };
    }

    private void reopen(ReplicaSource from, Position found) {
        if (!reopenAsked) {
            reopenAsked = true;
            LOG.warn(
                    "{}: {} was unreachable at the start and has TXID {}: history continues above it",
                    database,
                    name,
                    found.highest());
            from.reopen();
        }
    }

    private Optional<Position> continueFrom(ReplicaSource from, Position found, ReplicaState next) throws IOException {
        Optional<Pending> pending = from.pending().find(name);
        boolean isProven = found.proof().isPresent() || found.highest().isNone();
        if (pending.isPresent()
                && (isProven || found.whole().isAfter(pending.get().txid()))) {
            from.pending().reconciled(name);
        }
        state = next;
        return Optional.of(found);
    }

    private Decision decide(ReplicaSource from, Position found, Optional<Txid> atOpening) throws IOException {
        Optional<Pending> pending = from.pending().find(name);
        Optional<Proof> whole = from.log().proof(found.whole());
        boolean isSource = pending.filter(
                        record -> record.isSource() && record.txid().equals(found.whole()))
                .isPresent();
        Comparison comparison = Comparison.of(
                found,
                new Comparison.Known(whole, found.hasHole() ? from.log().proof(found.highest()) : whole, isSource));
        // Read after the listing: what this process has written since is not above it.
        Txid newest = from.newest();
        boolean isOurs = comparison == Comparison.EMPTY
                || (comparison == Comparison.SAME
                        && pending.filter(Pending::isAdoption).isEmpty());
        Optional<Instant> newestObject = isOurs || wasOurs ? Optional.empty() : replica.newest();
        Decision decision = Reconciliation.decide(
                state,
                new Observation(found.whole(), found.highest(), found.proof(), comparison, newestObject),
                new LocalFacts(
                        newest,
                        lineage(from, pending),
                        pending.map(record -> new LocalFacts.Beginning(record.txid(), record.isAdoption())),
                        atOpening,
                        mayLeaveEncryption,
                        started,
                        clock.ticks(),
                        watch.toNanos()));
        observer.accept(state, decision);
        return decision;
    }

    private static OptionalLong lineage(ReplicaSource from, Optional<Pending> pending) {
        Optional<Proof> proof =
                from.log().newest().map(newest -> newest.proof()).or(() -> pending.flatMap(Pending::proof));
        return proof.map(Proof::lineage).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** The other history stays as it is; the local one continues after a hole, with a snapshot. */
    private void continueAbove(ReplicaSource from, Action.SnapshotAbove above)
            throws IOException, InterruptedException {
        if (above.cause() == Cause.ENCRYPTED) {
            mark(from, above.highest(), Takeover.Kind.ENCRYPTED);
        } else if (above.last().isNone()) {
            // Nothing there restores, so there is nothing to keep, and the snapshot ends an adoption all the same.
            from.pending().adopted(name);
        } else {
            mark(from, above.last(), Takeover.Kind.ADOPTED);
        }
        from.rise(above.highest());
        try (SelectedImage image = from.image(failureDomain, Txid.NONE)) {
            replica.baseline(image);
            LOG.warn(
                    "{}: {} holds another history up to TXID {} ({}). Runnel keeps it and continues with a snapshot at TXID"
                            + " {}; the TXIDs between do not exist. Run \"runnel adoptions\" to see and confirm what is"
                            + " kept.",
                    database,
                    name,
                    above.highest(),
                    reason(above.cause()),
                    image.txid());
        }
    }

    private Position afterSnapshot(ReplicaSource from, Optional<Txid> atOpening)
            throws IOException, InterruptedException {
        Position found = replica.position();
        Decision decision = decide(from, found, atOpening);
        if (!(decision.action() instanceof Action.Continue)) {
            throw new IOException(name + " does not list the snapshot that was just written there");
        }
        return continueFrom(from, found, decision.state()).orElseThrow();
    }

    /** Records at the replica what retention has to keep, and only then forgets here that it has to be recorded. */
    private void mark(ReplicaSource from, Txid last, Takeover.Kind kind) throws IOException {
        replica.record(last, kind, text(last));
        from.pending().adopted(name);
    }

    private void warnOfAdoption(Txid last) {
        LOG.warn(
                "{}: there is no local history that continues TXID {} at {}, and the database does not match it. Runnel"
                        + " continues with the database as it is now, and keeps TXID {} restorable for {} days. If this is"
                        + " the wrong database, stop Runnel and run \"runnel restore -txid {} ...\"; if it is right, run"
                        + " \"runnel adoptions -confirm ...\".",
                database,
                last,
                name,
                last,
                Takeover.KEPT.toDays(),
                last);
    }

    private String text(Txid last) {
        return "After TXID " + last + " history continues with another state of " + database + ".\n"
                + "Recorded " + clock.now()
                + ". Runnel's retention keeps what was before as long as this file is here, and\n"
                + "as its name says. To confirm that it is not needed any more: runnel adoptions -confirm\n";
    }

    private ReplicaException stopped(Position found) {
        return state instanceof ReplicaState.Locked
                ? new ReplicaException.Locked(name)
                : new ReplicaException.Foreign(name, "TXID " + found.highest());
    }

    /** What to say while nothing may be uploaded. */
    Health watching() {
        String seconds = watch.toSeconds() + " s";
        return switch (state) {
            case ReplicaState.Suspected(Observation first, Cause cause, long _)
            when cause == Cause.ADOPTION ->
                new Health.Degraded(
                        "there is no local history for TXID " + first.whole() + " at " + name
                                + ", and the database does not match it",
                        "Runnel continues with the database as it is, after " + seconds
                                + ", unless another process writes to the replica, and keeps what is there."
                                + " If this is the wrong database, stop Runnel and restore.");
            case ReplicaState.Suspected(Observation first, Cause cause, long _) ->
                new Health.Degraded(
                        name + " holds a history that is not the history of this database's local files ("
                                + reason(cause) + ")",
                        "Runnel keeps it and starts a new snapshot above TXID " + first.highest() + " after " + seconds
                                + ", unless another process writes to the replica. No action needed.");
            case ReplicaState.Unseen _,
                    ReplicaState.Ours _,
                    ReplicaState.Diverged _,
                    ReplicaState.Foreign _,
                    ReplicaState.Locked _ ->
                new Health.Degraded(
                        name + " has TXIDs above the local history",
                        "Runnel opens the local history again, above them. No action needed.");
        };
    }

    private static String reason(Cause cause) {
        return switch (cause) {
            case ANOTHER_HISTORY -> "another state under the same TXID";
            case NOT_COMPARABLE -> "this host has no record of its last TXID";
            case ENCRYPTED -> "encrypted for keys that are not configured";
            case ADOPTION -> "the database does not match its last TXID";
        };
    }
}

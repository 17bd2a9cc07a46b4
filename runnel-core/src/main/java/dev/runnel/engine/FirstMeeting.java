package dev.runnel.engine;

import dev.runnel.log.LogFile;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.SelectedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges what a replica holds when it is met for the first time since the local history is known. What was there before,
 * and is not of this history, is history of its own: it stays, and ours goes on above it, unless somebody is still writing
 * it. What appears later beside ours is another writer's in any case, and none of this class's business.
 */
final class FirstMeeting {
    /** Clocks of two machines may differ by so much; beyond it the wrong one of two writers may stop. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(FirstMeeting.class);

    private final Path database;
    private final String name;
    private final String place;
    private final Replica replica;

    /** For so long nothing may change where another history is. */
    private final Duration watch;

    private final Clock clock;
    private final Instant started;
    private Optional<Other> other = Optional.empty();
    private boolean isOver;

    /** Another history, and when it was seen first, in ticks. */
    private record Other(Position found, long since) {}

    /** What to do with a replica. */
    enum Verdict {
        /** It holds nothing but this history, or part of it. */
        OURS,
        /** It holds higher TXIDs than this history, which is therefore opened anew. */
        AHEAD,
        /** It holds another history; whether somebody still writes it remains to be seen. */
        TO_BE_WATCHED,
        /** It holds another history, and ours goes on above it. */
        ANOTHER
    }

    FirstMeeting(Path database, DatabaseSpec.ReplicaSpec spec, Clock clock) {
        this.database = database;
        this.name = spec.name();
        this.place = spec.place();
        this.replica = spec.replica();
        this.watch = spec.looks().inTrouble();
        this.clock = clock;
        this.started = clock.now();
    }

    /**
     * Judges what was found. If that is ahead of this history, it has the history opened anew, above all there is.
     *
     * @param answeredBefore whether the replica was heard before this history was known
     * @throws ReplicaException.Foreign if somebody else writes there
     */
    Verdict judge(ReplicaSource from, Position found, boolean answeredBefore) throws IOException {
        Optional<UnmetReplicas.Beginning> beginning = from.beginning(name);
        if (isOver && beginning.isEmpty()) {
            return Verdict.OURS;
        }
        boolean isAhead = found.highest().isAfter(from.newest());
        if (isAhead && answeredBefore) {
            return Verdict.OURS;
        }
        if (!isAhead && isOurs(from, found, beginning)) {
            over(from);
            return Verdict.OURS;
        }
        requireNobodyWrites(found);
        if (isAhead) {
            LOG.warn(
                    "{}: {} was not there at the start, and has TXID {}: history goes on above it",
                    database,
                    name,
                    found.highest());
            from.reopen();
            return Verdict.AHEAD;
        }
        if (beginning.isEmpty() && isOfAnotherLineage(from, found)) {
            throw foreign(found);
        }
        Other watched = other.orElseGet(() -> new Other(found, clock.ticks()));
        other = Optional.of(watched);
        return clock.ticks() - watched.since() < watch.toNanos() ? Verdict.TO_BE_WATCHED : Verdict.ANOTHER;
    }

    /** Another history stays as it is; ours goes on after a hole, with a baseline. */
    void goOnAbove(ReplicaSource from, Txid highest) throws IOException, InterruptedException {
        from.rise(highest);
        try (SelectedImage image = from.image(place, Txid.NONE)) {
            replica.baseline(image);
            LOG.warn(
                    "{}: up to TXID {}, {} holds another history, which stays; ours goes on with a baseline at TXID {},"
                            + " and the TXIDs between are not there",
                    database,
                    highest,
                    name,
                    image.txid());
        }
        over(from);
    }

    /** History goes on there. */
    private void over(ReplicaSource from) throws IOException {
        isOver = true;
        other = Optional.empty();
        from.met(name);
    }

    private static boolean isOurs(ReplicaSource from, Position found, Optional<UnmetReplicas.Beginning> beginning) {
        Optional<Proof> logged = from.log().find(found.whole()).map(LogFile::proof);
        if (logged.isPresent() && found.proof().isPresent()) {
            return logged.equals(found.proof()) && (beginning.isEmpty() || !found.hasHole());
        }
        if (beginning.isEmpty()) {
            return true;
        }
        Txid begun = beginning.get().txid();
        return !found.highest().isAfter(begun)
                && (!found.whole().equals(begun)
                        || found.proof().equals(beginning.get().proof()));
    }

    private void requireNobodyWrites(Position found) throws IOException {
        boolean hasMoved = other.isPresent() && !other.get().found().equals(found);
        Optional<Instant> newest = replica.newest();
        if (hasMoved
                || newest.filter(time -> time.isAfter(started.plus(CLOCKS))).isPresent()) {
            throw foreign(found);
        }
    }

    /** Where no history was lost, ours and what comes of an older state of it have one lineage. */
    private static boolean isOfAnotherLineage(ReplicaSource from, Position found) {
        Optional<Long> ours = from.log().newest().map(newest -> newest.proof().lineage());
        Optional<Long> theirs = found.proof().map(Proof::lineage);
        return ours.isPresent() && theirs.isPresent() && !ours.equals(theirs);
    }

    private ReplicaException.Foreign foreign(Position found) {
        return new ReplicaException.Foreign(name, "TXID " + found.highest());
    }
}

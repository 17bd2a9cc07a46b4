package dev.runnel.doctor;

import dev.runnel.replica.Chronology;
import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.generations.GenerationObject;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.inventory.HistoryChronology;
import dev.runnel.replica.inventory.HistoryObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Times that cannot be right. TXIDs and names give the order, times are labels: every state restores nevertheless. */
record Times(Instant now) {
    /** Clocks of two machines differ by so much without anything being wrong. */
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    private static final String BY_TXID =
            "Restore by TXID instead of time, with -txid. Check that the clock of the machine is kept in step.";
    private static final String BY_INDEX =
            "Restore by -generation and -index instead of time. Check that the clock of the machine is kept in step.";
    private static final String COPY_WITH_TIMES =
            "Copy the replica again with a tool that keeps times, such as \"cp -p\" or \"rsync -t\"; or restore by TXID.";

    /** Of history with TXIDs. */
    List<Fault> of(Collection<HistoryObject> objects) {
        List<Fault> found = new ArrayList<>();
        future(objects.stream().map(object -> new Stamp(object.key(), object.time())), BY_TXID)
                .ifPresent(found::add);
        for (HistoryChronology.Conflict conflict : HistoryChronology.of(objects).conflicts()) {
            String where = conflict.before().isNone()
                    ? "before TXID " + conflict.after()
                    : "between TXID " + conflict.before() + " and TXID " + conflict.after();
            found.add(Fault.of(Kind.TIME, where, conflict.reason(), Stake.NOTHING, BY_TXID));
        }
        return List.copyOf(found);
    }

    /** Of a generation: its segments by name, because a snapshot may have been made late in its WAL. */
    List<Fault> of(Generation generation) {
        List<Fault> found = new ArrayList<>();
        String nextStep = generation.lineage().isPresent() ? BY_TXID : BY_INDEX;
        future(generation.objects().map(object -> new Stamp(object.key(), object.time())), nextStep)
                .ifPresent(found::add);
        List<Segment> segments = generation.segments();
        Chronology chronology = Chronology.of(segments.stream()
                .map(segment -> new Chronology.State(segment.time(), 1))
                .toList());
        for (Chronology.Conflict conflict : chronology.conflicts()) {
            GenerationObject last = segments.get(conflict.last());
            GenerationObject after = segments.get(conflict.after());
            String text = (conflict.last() - conflict.first() + 1)
                    + " objects up to this one have times that cannot be right, because the clock was set: it has "
                    + last.time() + ", the later " + after.name() + " has " + after.time();
            found.add(Fault.of(Kind.TIME, last.name(), text, Stake.NOTHING, nextStep));
        }
        return List.copyOf(found);
    }

    /** Of the newest object: its header says when it was written, and a copy may have lost that. */
    static Fault ofACopy(String newest, Instant written, Instant shown) {
        return Fault.of(
                Kind.TIME,
                newest,
                "it was written at " + written + " and is shown with " + shown
                        + ": the replica was copied without its times, so a restore by time finds other states",
                Stake.NOTHING,
                COPY_WITH_TIMES);
    }

    private record Stamp(String key, Instant time) {}

    private Optional<Fault> future(Stream<Stamp> stamps, String nextStep) {
        List<Stamp> late = stamps.filter(stamp -> stamp.time().isAfter(now.plus(TOLERANCE)))
                .toList();
        if (late.isEmpty()) {
            return Optional.empty();
        }
        Stamp first = late.getFirst();
        String others = late.size() == 1 ? "" : ", and so are " + (late.size() - 1) + " more objects";
        return Optional.of(Fault.of(
                Kind.TIME,
                first.key(),
                "it is stamped " + first.time() + ", which is in the future" + others,
                Stake.NOTHING,
                nextStep));
    }
}

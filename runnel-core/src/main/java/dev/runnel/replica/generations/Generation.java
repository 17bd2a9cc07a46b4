package dev.runnel.replica.generations;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.OwnTimes;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import dev.runnel.replica.inventory.HistoryObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One generation.
 *
 * @param name 16 hex digits
 * @param lineage the writer, if it was Runnel; then a WAL index is the TXID before the one change set in that WAL
 * @param snapshots by index
 * @param segments by index and offset
 * @param takeovers what is recorded in it
 */
public record Generation(
        String name, OptionalLong lineage, List<Snapshot> snapshots, List<Segment> segments, List<Takeover> takeovers) {
    /** One in which nothing is recorded. */
    public Generation(String name, OptionalLong lineage, List<Snapshot> snapshots, List<Segment> segments) {
        this(name, lineage, snapshots, segments, List.of());
    }

    public Generation {
        takeovers = List.copyOf(takeovers);
        snapshots = snapshots.stream().sorted(Snapshot.ORDER).toList();
        segments = segments.stream().sorted(Segment.ORDER).toList();
    }

    /** All objects. */
    public Stream<GenerationObject> objects() {
        return Stream.concat(snapshots.stream(), segments.stream());
    }

    /** The time of the oldest object. */
    public Optional<Instant> oldest() {
        return objects().map(GenerationObject::time).min(Comparator.naturalOrder());
    }

    /** The time of the newest object. */
    public Optional<Instant> newest() {
        return objects().map(GenerationObject::time).max(Comparator.naturalOrder());
    }

    boolean isOurs() {
        return lineage.isPresent();
    }

    /** The TXID of the state after an object. */
    Txid after(GenerationObject object) {
        boolean isBefore = isOurs() && object instanceof Snapshot && object.index() > 0;
        return new Txid(isBefore ? object.index() : object.index() + 1L);
    }

    /** The lowest TXID that any object names. */
    Txid first() {
        return objects().map(this::after).min(Comparator.naturalOrder()).orElse(Txid.NONE);
    }

    /** The highest TXID that any object names. */
    Txid last() {
        return objects().map(this::after).max(Comparator.naturalOrder()).orElse(Txid.NONE);
    }

    /** The objects of a generation that Runnel writes, as those of a history with TXIDs. */
    public List<HistoryObject> history() {
        Stream<HistoryObject> images = snapshots.stream()
                .filter(snapshot -> snapshot.index() > 0)
                .map(snapshot -> new HistoryObject(
                        HistoryObject.SNAPSHOTS,
                        new TxidRange(new Txid(1), new Txid(snapshot.index())),
                        snapshot.size(),
                        snapshot.time(),
                        snapshot.key()));
        Stream<HistoryObject> changes = segments.stream()
                .filter(segment -> segment.offset() == 0)
                .map(segment -> new HistoryObject(
                        HistoryObject.CHANGE_SETS,
                        TxidRange.of(new Txid(segment.index() + 1L)),
                        segment.size(),
                        segment.time(),
                        segment.key()));
        return Stream.concat(images, changes).toList();
    }

    /**
     * Those of them from which a state is restored: without what is too short to hold anything, and without the WAL that
     * names the state of TXID 1 and has no page.
     */
    public List<HistoryObject> restoring() {
        return history().stream()
                .filter(object -> object.size() >= Lz4FrameOutput.SMALLEST)
                .filter(object -> object.isSnapshot() || object.min().value() > 1)
                .toList();
    }

    /** The same with the own times of its objects. Those of Litestream 0.3 have no time but that of their upload. */
    public Generation withOwnTimes(OwnTimes times) throws IOException {
        return !isOurs()
                ? this
                : new Generation(
                        name,
                        lineage,
                        times.of(snapshots, Snapshot::key, Snapshot::withTime),
                        times.of(segments, Segment::key, Segment::withTime),
                        takeovers);
    }

    /** The same without some objects. */
    Generation without(Predicate<GenerationObject> unwanted) {
        return new Generation(
                name,
                lineage,
                snapshots.stream().filter(unwanted.negate()).toList(),
                segments.stream().filter(unwanted.negate()).toList(),
                takeovers);
    }

    /** The highest index of any object, -1 if there is none. */
    public int lastIndex() {
        return objects().mapToInt(GenerationObject::index).max().orElse(-1);
    }
}

package dev.runnel.replica.generations;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.TakeoverName;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.ObjectInfo;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the {@code generations} layout. They are the same on every store.
 *
 * @param root what comes before the name of a generation, ending in a slash
 * @param listedTimes which times the store shows in a listing
 */
public record GenerationKeys(String root, ListedTimes listedTimes) {
    private static final String ROOT = "generations/";

    /** Right below the location of the replica, at a store whose listings show the own times of objects. */
    public static final GenerationKeys DEFAULT = new GenerationKeys(ROOT);

    private static final Pattern NAME = Pattern.compile("(?<generation>[0-9a-f]{16})/(?:"
            + "snapshots/(?<snapshot>[0-7][0-9a-f]{7})\\.snapshot\\.lz4"
            + "|wal/(?<index>[0-7][0-9a-f]{7})_(?<offset>[0-9a-f]{8,15})\\.wal\\.lz4"
            + "|(?<takeover>[0-9a-f]{16}\\.(?:adopted|encrypted))"
            + "|(?<lineage>[0-9a-f]{16})\\.runnel2)");

    /** Right below the location of the replica. */
    public static GenerationKeys at(ListedTimes listedTimes) {
        return new GenerationKeys(ROOT, listedTimes);
    }

    /** For a store whose listings show the own times of objects. */
    public GenerationKeys(String root) {
        this(root, ListedTimes.OWN);
    }

    /** Whether a key is that of a snapshot, a segment or a mark of this layout. */
    public boolean isFile(String key) {
        return key.startsWith(root)
                && NAME.matcher(key.substring(root.length())).matches();
    }

    /** What a key names. */
    sealed interface Named {
        String generation();

        /** A snapshot or a segment. */
        record Content(GenerationObject object) implements Named {
            @Override
            public String generation() {
                return object.generation();
            }
        }

        /** The mark of a generation that Runnel writes. */
        record Lineage(String generation, long lineage) implements Named {}

        /** A record that history continues with another state. */
        record TakenOver(String generation, Takeover takeover) implements Named {}
    }

    /** What an object is, empty if it is nothing of this layout. */
    Optional<Named> parse(ObjectInfo object) {
        if (!object.key().startsWith(root)) {
            return Optional.empty();
        }
        Matcher name = NAME.matcher(object.key().substring(root.length()));
        if (!name.matches()) {
            return Optional.empty();
        }
        // One string for all objects of a generation.
        String generation = name.group("generation").intern();
        if (name.group("lineage") != null) {
            return Optional.of(new Named.Lineage(generation, Long.parseUnsignedLong(name.group("lineage"), 16)));
        }
        if (name.group("takeover") != null) {
            return TakeoverName.parse(name.group("takeover"), object)
                    .map(takeover -> new Named.TakenOver(generation, takeover));
        }
        if (name.group("snapshot") != null) {
            int index = Integer.parseInt(name.group("snapshot"), 16);
            return Optional.of(
                    new Named.Content(new Snapshot(generation, index, object.size(), object.time(), object.key())));
        }
        int index = Integer.parseInt(name.group("index"), 16);
        long offset = Long.parseLong(name.group("offset"), 16);
        return Optional.of(
                new Named.Content(new Segment(generation, index, offset, object.size(), object.time(), object.key())));
    }

    /** The generation that a lineage writes. */
    static String generation(long lineage) {
        return String.format(Locale.ROOT, "%016x", lineage);
    }

    String snapshot(String generation, int index) {
        return String.format(Locale.ROOT, "%s%s/snapshots/%08x.snapshot.lz4", root, generation, index);
    }

    /** The segment of the WAL that leads up to a snapshot of Runnel's, given the key of that snapshot. */
    String segmentBefore(String snapshot) {
        Matcher name = NAME.matcher(snapshot.substring(root.length()));
        if (!name.matches() || name.group("snapshot") == null) {
            throw new IllegalArgumentException("not a snapshot: " + snapshot);
        }
        return segment(name.group("generation"), Integer.parseInt(name.group("snapshot"), 16) - 1);
    }

    /** The first segment of a WAL. */
    String segment(String generation, int index) {
        return String.format(Locale.ROOT, "%s%s/wal/%08x_00000000.wal.lz4", root, generation, index);
    }

    String takeover(String generation, Txid last, Takeover.Kind kind) {
        return root + generation + "/" + TakeoverName.of(last, kind);
    }

    String lineage(String generation, long lineage) {
        return String.format(Locale.ROOT, "%s%s/%016x.runnel2", root, generation, lineage);
    }
}

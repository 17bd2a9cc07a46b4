package dev.runnel.replica.generations;

import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;

/** One object of a generation, as a listing shows it. */
public sealed interface GenerationObject {
    /** 16 hex digits. */
    String generation();

    /** The number of a WAL since the generation began. */
    int index();

    /** As stored, in bytes. */
    long size();

    Instant time();

    /** Its key at the store. */
    String key();

    /** As a user calls it. */
    String name();

    /** The database file as it was while the WAL of its index was written, or right before. */
    record Snapshot(String generation, int index, long size, Instant time, String key) implements GenerationObject {
        static final Comparator<Snapshot> ORDER = Comparator.comparingInt(Snapshot::index);

        /** The same snapshot with another time. */
        Snapshot withTime(Instant other) {
            return new Snapshot(generation, index, size, other, key);
        }

        @Override
        public String name() {
            return "snapshot " + String.format(Locale.ROOT, "%s/%08x", generation, index);
        }
    }

    /**
     * A part of a WAL.
     *
     * @param offset of its first byte in that WAL, uncompressed
     */
    record Segment(String generation, int index, long offset, long size, Instant time, String key)
            implements GenerationObject {
        static final Comparator<Segment> ORDER =
                Comparator.comparingInt(Segment::index).thenComparingLong(Segment::offset);

        /** The same segment with another time. */
        Segment withTime(Instant other) {
            return new Segment(generation, index, offset, size, other, key);
        }

        @Override
        public String name() {
            return String.format(Locale.ROOT, "%s/%08x:%d", generation, index, offset);
        }

        /** Whether it can follow another one, as far as names tell. */
        public boolean mayFollow(Segment before) {
            return offset == 0 ? index == before.index + 1 : index == before.index && offset > before.offset;
        }
    }
}

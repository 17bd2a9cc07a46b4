package dev.runnel.ltx;

/** The number of a change set of one database: 1 and up, 16 lower-case hex digits in text. {@link #NONE} is before all. */
public record Txid(long value) implements Comparable<Txid> {
    /** The TXID of an empty history. */
    public static final Txid NONE = new Txid(0);

    /**
     * Names with higher TXIDs are not taken for those of change sets: a million a second take 2,000 years to get there, and
     * counting on from here cannot overflow.
     */
    public static final Txid HIGHEST = new Txid((1L << 56) - 1);

    public Txid {
        if (value < 0) {
            throw new IllegalArgumentException("TXID out of range: " + Long.toHexString(value));
        }
    }

    /** Parses exactly 16 hex digits of either case. */
    public static Txid parse(String text) {
        if (text.length() != 16 || !text.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw new IllegalArgumentException("a TXID is 16 hex digits, found \"" + text + "\"");
        }
        return new Txid(Long.parseUnsignedLong(text, 16));
    }

    public Txid next() {
        return new Txid(value + 1);
    }

    public Txid previous() {
        return new Txid(value - 1);
    }

    public boolean isNone() {
        return value == 0;
    }

    public boolean isAfter(Txid other) {
        return value > other.value;
    }

    @Override
    public int compareTo(Txid other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return String.format("%016x", value);
    }
}

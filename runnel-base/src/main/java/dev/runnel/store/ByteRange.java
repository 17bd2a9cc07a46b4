package dev.runnel.store;

/** Bytes of an object: {@code length} of them from {@code offset} on. */
public record ByteRange(long offset, long length) {
    /** All bytes. */
    public static final ByteRange ALL = new ByteRange(0, Long.MAX_VALUE);

    public ByteRange {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("byte range " + offset + "+" + length);
        }
    }
}

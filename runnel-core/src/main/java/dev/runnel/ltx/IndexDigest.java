package dev.runnel.ltx;

/** The size and CRC-64 of the page index that some pages must have, in constant memory. */
final class IndexDigest {
    private final byte[] pending = new byte[1024];
    private int pendingSize;
    private long size;
    private long digest;

    void add(int number, long offset, int frameSize) {
        if (pending.length - pendingSize < Varint.MAX_ENTRY_SIZE) {
            flush();
        }
        pendingSize = Varint.putEntry(pending, pendingSize, number, offset, frameSize);
    }

    /** Adds the terminator. */
    void end() {
        flush();
        pending[pendingSize++] = 0;
        flush();
    }

    /** In bytes, once ended. */
    long size() {
        return size;
    }

    /** Of all bytes, once ended. */
    long digest() {
        return digest;
    }

    private void flush() {
        digest = Crc64.update(digest, pending, 0, pendingSize);
        size += pendingSize;
        pendingSize = 0;
    }
}

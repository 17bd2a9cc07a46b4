package dev.runnel.platform;

import java.io.Closeable;
import java.io.IOException;

/** A set of numbers from 0 up, such as those of pages: one bit each, in a {@link ScratchArray}. Not thread-safe. */
public final class ScratchBits implements Closeable {
    private final ScratchArray bits;
    private int size;

    public ScratchBits(ScratchArray.Room room, MemoryBudget budget) {
        this.bits = new ScratchArray(room, budget);
    }

    public boolean contains(int number) throws IOException {
        return (bits.get(number >>> 3) & mask(number)) != 0;
    }

    /** Takes a number in; false if it was there. */
    public boolean add(int number) throws IOException {
        int at = number >>> 3;
        byte octet = bits.get(at);
        if ((octet & mask(number)) != 0) {
            return false;
        }
        bits.put(at, (byte) (octet | mask(number)));
        size++;
        return true;
    }

    /** Takes a number out. */
    public void remove(int number) throws IOException {
        int at = number >>> 3;
        byte octet = bits.get(at);
        if ((octet & mask(number)) != 0) {
            bits.put(at, (byte) (octet & ~mask(number)));
            size--;
        }
    }

    /** Takes out a number and all above it. */
    public void removeFrom(int first) throws IOException {
        for (long block = bits.nextTouched(first >>> 3); block >= 0; ) {
            long end = block + ScratchArray.BLOCK_SIZE;
            for (long at = Math.max(block, first >>> 3); at < end; at++) {
                int mask = at == first >>> 3 ? 0xff << (first & 7) : 0xff;
                size -= Integer.bitCount(bits.get(at) & mask & 0xff);
            }
            block = bits.nextTouched(end);
        }
        int at = first >>> 3;
        int kept = bits.get(at) & ~(0xff << (first & 7));
        bits.clearFrom(at);
        if (kept != 0) {
            bits.put(at, (byte) kept);
        }
    }

    /** How many numbers there are. */
    public int size() {
        return size;
    }

    private static int mask(int number) {
        return 1 << (number & 7);
    }

    @Override
    public void close() throws IOException {
        bits.close();
    }
}

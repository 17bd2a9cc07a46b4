package dev.runnel.platform;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * An array of bytes that are zero until something else is put: for tables with an entry for each page of a database. It has
 * a fixed number of blocks in memory. The others are in a scratch file, which is created when the first block has to make
 * room. Beyond these blocks it takes one bit for each block of four KiB. Not thread-safe.
 */
public final class ScratchArray implements Closeable {
    /** Of a block, in bytes. */
    public static final int BLOCK_SIZE = 1 << 12;

    private static final int BLOCK_SHIFT = 12;
    private static final int FEW_BLOCKS = 4;
    private static final int MANY_BLOCKS = 64;
    private static final long BUDGETED = (long) MANY_BLOCKS * BLOCK_SIZE;
    private static final int NONE = -1;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final Room room;
    private final MemoryBudget budget;
    private final boolean budgeted;
    private final byte[] @Nullable [] blocks;
    private final int[] indexes;
    private final boolean[] dirty;

    /** Blocks to which something was put. */
    private final BitSet touched = new BitSet();

    /** Blocks of which the file has a version; what it has of others is of no meaning. */
    private final BitSet written = new BitSet();

    private @Nullable DiskFile file;
    private boolean closed;

    /** Where the scratch file comes from. */
    @FunctionalInterface
    public interface Room {
        /** Creates an empty file that is gone once it is closed. */
        DiskFile create() throws IOException;
    }

    public ScratchArray(Room room, MemoryBudget budget) {
        this.room = room;
        this.budget = budget;
        this.budgeted = budget.take(BUDGETED);
        int count = budgeted ? MANY_BLOCKS : FEW_BLOCKS;
        this.blocks = new byte[count][];
        this.indexes = new int[count];
        this.dirty = new boolean[count];
        Arrays.fill(indexes, NONE);
    }

    public byte get(long at) throws IOException {
        return touched.get(block(at)) ? load(block(at))[offset(at)] : 0;
    }

    public void put(long at, byte value) throws IOException {
        toPut(at)[offset(at)] = value;
    }

    /** The number at a multiple of four. */
    public int getInt(long at) throws IOException {
        return touched.get(block(at)) ? (int) INT.get(load(block(at)), offset(at)) : 0;
    }

    /** Puts a number at a multiple of four. */
    public void putInt(long at, int value) throws IOException {
        INT.set(toPut(at), offset(at), value);
    }

    /** The start of the first block, from the one of a place on, that may have something but zeroes; negative if none. */
    public long nextTouched(long at) {
        int next = touched.nextSetBit(block(at));
        return next < 0 ? NONE : (long) next << BLOCK_SHIFT;
    }

    /** Makes everything from a place on zero. */
    public void clearFrom(long at) throws IOException {
        int first = block(at);
        if (offset(at) > 0) {
            if (touched.get(first)) {
                Arrays.fill(toPut(at), offset(at), BLOCK_SIZE, (byte) 0);
            }
            first++;
        }
        touched.clear(first, Math.max(first, touched.length()));
        written.clear(first, Math.max(first, written.length()));
        for (int i = 0; i < indexes.length; i++) {
            if (indexes[i] >= first) {
                indexes[i] = NONE;
                dirty[i] = false;
            }
        }
    }

    private byte[] toPut(long at) throws IOException {
        int index = block(at);
        byte[] block = load(index);
        touched.set(index);
        dirty[index % blocks.length] = true;
        return block;
    }

    private byte[] load(int index) throws IOException {
        int place = index % blocks.length;
        byte[] block = blocks[place];
        if (block == null) {
            block = new byte[BLOCK_SIZE];
            blocks[place] = block;
        }
        if (indexes[place] != index) {
            save(place, block);
            indexes[place] = NONE;
            int length = written.get(index) ? scratch().read(ByteBuffer.wrap(block), (long) index << BLOCK_SHIFT) : 0;
            Arrays.fill(block, length, BLOCK_SIZE, (byte) 0);
            indexes[place] = index;
        }
        return block;
    }

    private void save(int place, byte[] block) throws IOException {
        if (dirty[place]) {
            scratch().write(ByteBuffer.wrap(block), (long) indexes[place] << BLOCK_SHIFT);
            written.set(indexes[place]);
            dirty[place] = false;
        }
    }

    private DiskFile scratch() throws IOException {
        if (closed) {
            throw new IllegalStateException("the array is closed");
        }
        DiskFile opened = file;
        if (opened == null) {
            opened = room.create();
            file = opened;
        }
        return opened;
    }

    private static int block(long at) {
        return (int) (at >>> BLOCK_SHIFT);
    }

    private static int offset(long at) {
        return (int) at & (BLOCK_SIZE - 1);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            if (budgeted) {
                budget.giveBack(BUDGETED);
            }
            if (file != null) {
                file.close();
            }
        }
    }
}

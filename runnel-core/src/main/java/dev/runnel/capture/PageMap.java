package dev.runnel.capture;

import dev.runnel.ledger.PageNumberSink;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.MemoryBudget;
import dev.runnel.platform.ScratchArray;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A map from page numbers to small non-negative numbers: a hash table while there are few, beyond that four bytes a page in
 * a scratch file, of which some blocks are in memory.
 */
final class PageMap implements Closeable {
    static final int ABSENT = IntMap.ABSENT;

    /** More than this need a part of the budget. */
    private static final int FEW = 1 << 10;

    /** More than this go to the scratch file. */
    private static final int MANY = 1 << 15;

    private static final long BUDGETED = (long) IntMap.BYTES_A_PLACE * MANY * 2;

    private final Scratch scratch;
    private final MemoryBudget budget;
    private final IntMap table = new IntMap();
    private boolean budgeted;
    private Optional<ScratchArray> spilled = Optional.empty();

    /** @param scratch room for the numbers of more pages than are kept in memory */
    PageMap(Scratch scratch, MemoryBudget budget) {
        this.scratch = scratch;
        this.budget = budget;
    }

    boolean contains(int page) throws IOException {
        return get(page) != ABSENT;
    }

    int get(int page) throws IOException {
        return spilled.isPresent() ? spilled.get().getInt(place(page)) + ABSENT : table.get(page);
    }

    void put(int page, int value) throws IOException {
        if (spilled.isEmpty() && (table.used() < FEW || hasRoom() || table.contains(page))) {
            table.put(page, value);
        } else {
            spilled().putInt(place(page), value - ABSENT);
        }
    }

    /** Removes every page above a limit. */
    void removeAbove(int limit) throws IOException {
        if (spilled.isPresent()) {
            spilled.get().clearFrom(place(limit + 1));
        } else {
            table.removeAbove(limit);
        }
    }

    /** Gives all pages in ascending order. The map must not be changed before it returns. */
    void forEachPage(PageNumberSink sink) throws IOException {
        if (spilled.isEmpty()) {
            for (int page : table.sortedKeys()) {
                sink.page(page);
            }
            return;
        }
        ScratchArray array = spilled.get();
        for (long block = array.nextTouched(0);
                block >= 0;
                block = array.nextTouched(block + ScratchArray.BLOCK_SIZE)) {
            for (int i = 0; i < ScratchArray.BLOCK_SIZE; i += Integer.BYTES) {
                if (array.getInt(block + i) != 0) {
                    sink.page((int) ((block + i) / Integer.BYTES));
                }
            }
        }
    }

    void clear() throws IOException {
        close();
    }

    private boolean hasRoom() {
        if (!budgeted) {
            budgeted = budget.take(BUDGETED);
        }
        return budgeted && table.used() < MANY;
    }

    private ScratchArray spilled() throws IOException {
        if (spilled.isEmpty()) {
            ScratchArray array = new ScratchArray(scratch::create, budget);
            spilled = Optional.of(array);
            for (int page : table.sortedKeys()) {
                array.putInt(place(page), table.get(page) - ABSENT);
            }
            releaseTable();
        }
        return spilled.get();
    }

    private void releaseTable() {
        table.clear();
        if (budgeted) {
            budgeted = false;
            budget.giveBack(BUDGETED);
        }
    }

    /** Zero, which is everywhere in the array at first, stands for absent. */
    private static long place(int page) {
        return (long) page * Integer.BYTES;
    }

    /** Removes all pages; the map may be used again. */
    @Override
    public void close() throws IOException {
        releaseTable();
        if (spilled.isPresent()) {
            ScratchArray array = spilled.get();
            spilled = Optional.empty();
            array.close();
        }
    }
}

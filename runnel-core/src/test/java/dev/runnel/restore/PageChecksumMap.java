package dev.runnel.restore;

import dev.runnel.ltx.PageSize;
import dev.runnel.replica.RestorePlan;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps what a reading gives. */
final class PageChecksumMap implements ReadBack.PageChecksums {
    private final SortedMap<Integer, Long> pages = new TreeMap<>();
    private int readings;

    @Override
    public void begin(RestorePlan plan, PageSize pageSize, int pageCount) {
        pages.clear();
        readings++;
    }

    @Override
    public void page(int number, long checksum) {
        if (pages.put(number, checksum) != null) {
            throw new AssertionError("page " + number + " came twice");
        }
    }

    SortedMap<Integer, Long> pages() {
        return pages;
    }

    int readings() {
        return readings;
    }
}

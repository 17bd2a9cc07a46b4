package dev.runnel.capture;

import dev.runnel.ltx.PageSink;
import java.io.IOException;

/** A few pages in transit from the database to a reader: at most a megabyte, or one page. */
public final class PageChunk {
    private static final int BYTES = 1 << 20;

    private final int pageSize;
    private final int[] numbers;
    private final byte[] data;
    private int count;

    /** For so many pages, if they fit. */
    public static PageChunk forAtMost(int pages, int pageSize) {
        return new PageChunk(pageSize, Math.clamp(pages, 1, Math.max(1, BYTES / pageSize)));
    }

    PageChunk(int pageSize, int pages) {
        this.pageSize = pageSize;
        this.numbers = new int[pages];
        this.data = new byte[numbers.length * pageSize];
    }

    void clear() {
        count = 0;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    int room() {
        return numbers.length - count;
    }

    byte[] data() {
        return data;
    }

    /** Where the next page goes. */
    int end() {
        return count * pageSize;
    }

    /** Consecutive pages have been put at the end. */
    void added(int firstNumber, int pages) {
        for (int i = 0; i < pages; i++) {
            numbers[count++] = firstNumber + i;
        }
    }

    /** Gives all pages, in order. */
    public void readTo(PageSink sink) throws IOException {
        for (int i = 0; i < count; i++) {
            sink.page(numbers[i], data, i * pageSize);
        }
    }
}

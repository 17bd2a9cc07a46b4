package dev.runnel.replica;

import dev.runnel.ltx.PageSize;
import java.io.Closeable;

/** A database as of one TXID, of which it gives only some pages, or all. */
public interface SelectedImage extends DatabaseImage, Closeable {
    /** How many pages it gives. */
    int selectedPages();

    /** Whether it gives all there are. */
    default boolean hasEveryPage() {
        return selectedPages() == new PageSize(pageSize()).storedPages(pageCount());
    }

    @Override
    void close();
}

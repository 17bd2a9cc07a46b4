package dev.runnel.log;

import dev.runnel.ltx.PageSink;
import java.io.IOException;

/** The pages of a change set, given once. */
@FunctionalInterface
public interface PageProvider {
    /** Gives every page in ascending order, the lock page left out. */
    void writeTo(PageSink sink) throws IOException;
}

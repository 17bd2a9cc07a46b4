package dev.runnel.capture;

import java.io.Closeable;
import java.io.IOException;

/** Says which pages of an image are wanted. The image closes it. */
@FunctionalInterface
public interface PageFilter extends Closeable {
    boolean includes(int page) throws IOException;

    @Override
    default void close() throws IOException {}

    /** Every page. */
    static PageFilter all() {
        return page -> true;
    }
}

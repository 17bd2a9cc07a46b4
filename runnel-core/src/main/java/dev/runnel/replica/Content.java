package dev.runnel.replica;

import java.io.IOException;
import java.io.OutputStream;

/** Bytes that can be written somewhere; again and again, unless it says otherwise. */
@FunctionalInterface
public interface Content {
    /** Writes all of it. Does not close the stream. */
    void writeTo(OutputStream out) throws IOException;
}

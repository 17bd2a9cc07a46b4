package dev.runnel.store;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** The content of an object to be: it can be written again, so that a retry is whole. */
public interface Body {
    /** Size in bytes, where it is known beforehand. */
    OptionalLong length();

    /** Writes all of it. Does not close the stream. */
    void writeTo(OutputStream out) throws IOException;
}

package dev.runnel.ltx;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads any part of a file. */
@FunctionalInterface
public interface RangeReader {
    /** Reads from an offset until the buffer is full or the file ends. */
    void read(long offset, ByteBuffer into) throws IOException;
}

package dev.runnel.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of our own. Positions and sizes are in bytes. Closing publishes nothing and syncs nothing. */
public interface DiskFile extends Closeable {
    /** Reads until the buffer is full or the file ends; returns the number of bytes read, 0 at the end. */
    int read(ByteBuffer into, long position) throws IOException;

    /** Writes the whole buffer. */
    void write(ByteBuffer from, long position) throws IOException;

    /** Cuts the file to a size, or extends it with zeros. */
    void setSize(long size) throws IOException;

    long size() throws IOException;

    /**
     * Locks the file for the process that opened it, until it is closed or the process ends. False if another process
     * has the lock, or if this disk has no locks: then no process ever gets one.
     */
    default boolean tryLock() {
        return false;
    }

    /** Makes content and size durable. */
    void sync() throws IOException;
}

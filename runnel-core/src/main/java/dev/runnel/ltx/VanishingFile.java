package dev.runnel.ltx;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file that is deleted when it is closed. */
record VanishingFile(Disk disk, Path path, DiskFile file) implements DiskFile {
    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        return file.read(into, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        file.write(from, position);
    }

    @Override
    public void setSize(long size) throws IOException {
        file.setSize(size);
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public void sync() throws IOException {
        file.sync();
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            disk.delete(path);
        }
    }
}

package dev.runnel.ltx;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Room on disk for what does not fit in memory while one large file is written. */
@FunctionalInterface
public interface Scratch {
    /** Creates an empty file that is gone once it is closed. Asked for at most once a file written, and only if it is large. */
    DiskFile create() throws IOException;

    /** Room under a name of the caller's choice; what a killed process left there is removed. */
    static Scratch at(Disk disk, Path file) {
        return () -> {
            disk.delete(file);
            return new Vanishing(disk, file, disk.create(file));
        };
    }

    /** A file that is deleted when it is closed. */
    record Vanishing(Disk disk, Path path, DiskFile file) implements DiskFile {
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
}

package dev.runnel.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A file of a few bytes that is replaced as a whole. Its last four are the CRC-32C of those before, so that it says itself whether it is whole. */
public final class RecordFile {
    private static final int CRC_SIZE = 4;

    private RecordFile() {}

    /**
     * Reads a record; empty if it is not whole.
     *
     * @param size in bytes, without the checksum
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    public static Optional<ByteBuffer> read(Disk disk, Path path, int size) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(size + CRC_SIZE);
        try (DiskFile file = disk.openToRead(path)) {
            file.read(in, 0);
        }
        boolean isWhole = !in.hasRemaining() && in.getInt(size) == crc(in.array(), size);
        return isWhole ? Optional.of(in.flip().limit(size)) : Optional.empty();
    }

    /** Replaces the record, durably; a complete record is there at all times. */
    public static void write(Disk disk, Path path, ByteBuffer record) throws IOException {
        int size = record.remaining();
        ByteBuffer out = ByteBuffer.allocate(size + CRC_SIZE).put(record);
        out.putInt(crc(out.array(), size));
        replace(disk, path, out.flip());
    }

    /** Puts any content in the place of the one that is there; durable, and complete at any moment. */
    public static void replace(Disk disk, Path path, ByteBuffer content) throws IOException {
        Path temp = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(temp);
        try (DiskFile file = disk.create(temp)) {
            file.write(content, 0);
            file.sync();
        }
        disk.publish(temp, path);
    }

    private static int crc(byte[] bytes, int size) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, size);
        return (int) crc.getValue();
    }
}

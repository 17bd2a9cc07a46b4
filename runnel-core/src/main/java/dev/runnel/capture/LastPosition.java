package dev.runnel.capture;

import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.WalPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A small file that says where in the database's files we let go after a TXID. It saves a scan, and decides nothing by
 * itself: it counts only for that TXID, and only while the database file is exactly as it says. The bytes are specified
 * in {@code docs/formats.md}.
 */
final class LastPosition {
    private static final byte[] MAGIC = "RNLPOS1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SIZE = 8 + 8 + 4 + 5 * 4 + 4 * 8 + 4;

    private final Disk disk;
    private final Path path;

    LastPosition(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    /** What was recorded after a TXID; empty if there is nothing whole. */
    Optional<SourcePosition> read(Txid txid) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(SIZE);
        try (DiskFile file = disk.openToRead(path)) {
            if (file.read(in, 0) < SIZE) {
                return Optional.empty();
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        in.flip();
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        if (!Arrays.equals(magic, MAGIC) || in.getInt(SIZE - 4) != crc(in.array())) {
            return Optional.empty();
        }
        if (in.getLong() != txid.value()) {
            return Optional.empty();
        }
        boolean hasWal = in.getInt() == 1;
        WalPosition wal = new WalPosition(in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
        FileIdentity database = new FileIdentity(in.getLong(), in.getLong(), in.getLong(), in.getLong());
        return Optional.of(new SourcePosition(hasWal ? Optional.of(wal) : Optional.empty(), database));
    }

    void write(Txid txid, SourcePosition at) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(SIZE);
        WalPosition wal = at.wal().orElse(new WalPosition(0, 0, 0, 0, 0));
        FileIdentity database = at.database();
        out.put(MAGIC).putLong(txid.value()).putInt(at.wal().isPresent() ? 1 : 0);
        out.putInt(wal.salt1()).putInt(wal.salt2()).putInt(wal.frame());
        out.putInt(wal.checksum1()).putInt(wal.checksum2());
        out.putLong(database.device()).putLong(database.inode());
        out.putLong(database.size()).putLong(database.changedNanos());
        out.putInt(crc(out.array()));
        Path temp = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(temp);
        try (DiskFile file = disk.create(temp)) {
            file.write(out.flip(), 0);
            file.sync();
        }
        disk.publish(temp, path);
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, SIZE - 4);
        return (int) crc.getValue();
    }
}

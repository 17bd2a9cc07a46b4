package dev.runnel.capture;

import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.RecordFile;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.WalPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A small file that says at which position in the database's files Runnel detached after a TXID. It saves a scan, and
 * decides nothing by itself: it counts only for that TXID, and only while the database file is exactly as it says. The
 * bytes are specified in {@code docs/formats.md}.
 */
final class LastPosition {
    private static final byte[] MAGIC = "RNLPOS1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SIZE = 8 + 8 + 4 + 5 * 4 + 4 * 8;

    private final Disk disk;
    private final Path path;

    LastPosition(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    /** What was recorded after a TXID; empty if there is nothing whole. */
    Optional<SourcePosition> read(Txid txid) throws IOException {
        Optional<ByteBuffer> record;
        try {
            record = RecordFile.read(disk, path, SIZE);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return record.flatMap(in -> parse(in, txid));
    }

    private static Optional<SourcePosition> parse(ByteBuffer in, Txid txid) {
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        if (!Arrays.equals(magic, MAGIC) || in.getLong() != txid.value()) {
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
        RecordFile.write(disk, path, out.flip());
    }
}

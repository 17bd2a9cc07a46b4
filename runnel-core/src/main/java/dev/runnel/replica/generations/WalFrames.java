package dev.runnel.replica.generations;

import dev.runnel.replica.ReplicaException;
import dev.runnel.sqlite.WalChecksum;
import dev.runnel.sqlite.WalHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The frames of one WAL, read segment by segment. Every frame is checked as SQLite would: salts, and a checksum that
 * continues that of the frame before.
 */
final class WalFrames {
    private static final Sink NO_SINK = (_, _, _) -> {};

    private final GenerationFiles files;
    private final WalHeader header;
    private final byte[] frame;
    private final ByteBuffer head;
    private long checksum;
    private int count;
    private int committed;
    private int pageCount;

    private WalFrames(GenerationFiles files, WalHeader header) {
        this.files = files;
        this.header = header;
        this.frame = new byte[WalOutput.FRAME_HEADER + header.pageSize()];
        this.head = ByteBuffer.wrap(frame);
        this.checksum = header.checksum();
    }

    /** What frames are given to. */
    @FunctionalInterface
    interface Sink {
        /** @param offset of the page in {@code data}, which the next frame overwrites */
        void frame(int page, byte[] data, int offset) throws IOException;
    }

    /** Reads the header of a WAL from the segment at its start. */
    static WalFrames start(GenerationFiles files, String key, InputStream data) throws IOException {
        byte[] bytes = data.readNBytes(WalHeader.SIZE);
        WalHeader header = Optional.of(bytes)
                .filter(found -> found.length == WalHeader.SIZE)
                .flatMap(WalHeader::parse)
                .orElseThrow(() -> files.damaged(key, "it does not start with the header of a WAL"));
        return new WalFrames(files, header);
    }

    /** Reads the first segment of a WAL to its end, and checks its frames. */
    static WalFrames ofFirst(GenerationFiles files, String key) throws IOException {
        return files.read(key, data -> {
            WalFrames frames = start(files, key, data);
            frames.read(key, data, NO_SINK);
            return frames;
        });
    }

    /** Reads the segment that starts at {@link #end}, and only checks its frames. */
    void skip(String key) throws IOException {
        files.read(key, data -> {
            read(key, data, NO_SINK);
            return this;
        });
    }

    /** Reads the frames of a segment that starts at {@link #end}, and gives each when it is checked. */
    void read(String key, InputStream data, Sink sink) throws IOException {
        for (int length = data.readNBytes(frame, 0, frame.length);
                length > 0;
                length = data.readNBytes(frame, 0, frame.length)) {
            if (length < frame.length) {
                throw files.damaged(key, "it ends within a frame of its WAL");
            }
            take(key);
            sink.frame(head.getInt(0), frame, WalOutput.FRAME_HEADER);
        }
    }

    private void take(String key) throws ReplicaException.Damaged {
        checksum = WalChecksum.update(checksum, frame, 0, 8, header.order());
        checksum = WalChecksum.update(checksum, frame, WalOutput.FRAME_HEADER, header.pageSize(), header.order());
        int size = head.getInt(4);
        if (head.getInt(0) <= 0
                || size < 0
                || head.getInt(8) != header.salt1()
                || head.getInt(12) != header.salt2()
                || head.getLong(16) != checksum) {
            throw files.damaged(key, "frame " + (count + 1) + " of its WAL does not continue the one before it");
        }
        count++;
        if (size > 0) {
            committed = count;
            pageCount = size;
        }
    }

    WalHeader header() {
        return header;
    }

    /** How many frames there are. */
    int count() {
        return count;
    }

    /** How many there are up to the last commit. */
    int committed() {
        return committed;
    }

    /** The size of the database in pages after the last commit; 0 if there is none. */
    int pageCount() {
        return pageCount;
    }

    /** Where the WAL ends so far, in bytes. */
    long end() {
        return WalHeader.SIZE + (long) count * frame.length;
    }
}

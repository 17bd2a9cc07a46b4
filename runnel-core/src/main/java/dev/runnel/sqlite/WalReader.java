package dev.runnel.sqlite;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads committed frames of one WAL file.
 *
 * <p>A WAL is a header of 32 bytes and frames of 24 bytes plus one page (SQLite file format, section 4). A frame belongs
 * to the WAL if its salts are the header's and its checksum continues that of the frame before it. Where the WAL ends
 * the wal-index says, never the file: a commit frame whose writer died before it published the wal-index is not
 * committed, and the next writer overwrites it.
 *
 * <p>Every byte is read once, checked, and handed on from the same buffer.
 */
public final class WalReader {
    private static final int FRAME_HEADER = 24;
    private static final int BATCH = 1 << 20;

    private final PosixFile file;
    private final String name;
    private final int frameSize;
    private final int batchFrames;

    /** Headers have room of their own: frames that are being handed on from the buffer stay as they were checked. */
    private final byte[] head = new byte[WalHeader.SIZE];

    private final MemorySegment nativeHead;
    private final MemorySegment nativePage;

    WalReader(PosixFile file, String name, int pageSize, Arena arena) {
        this.file = file;
        this.name = name;
        this.frameSize = FRAME_HEADER + pageSize;
        this.batchFrames = Math.max(1, BATCH / frameSize);
        this.nativePage = arena.allocate(pageSize, 8);
        this.nativeHead = arena.allocate(WalHeader.SIZE, 8);
    }

    /** Where a frame starts in the file. */
    private long offsetOf(int frame) {
        return WalHeader.SIZE + (long) (frame - 1) * frameSize;
    }

    /** Bytes of a number of frames. */
    public long sizeOf(int frames) {
        return (long) frames * frameSize;
    }

    /** The header as it is in the file now; empty if the WAL counts as empty. */
    Optional<WalHeader> header() throws IOException {
        return fillHead(WalHeader.SIZE, 0) < WalHeader.SIZE ? Optional.empty() : WalHeader.parse(head);
    }

    /** The place before the first frame of the WAL that the wal-index speaks of. */
    public WalPosition startOf(WalIndexHeader index) throws IOException {
        WalHeader header = header().orElseThrow(() -> new SourceException.Discontinuity(name + ": no valid header"));
        if (header.salt1() != index.salt1() || header.salt2() != index.salt2()) {
            throw new SourceException.Discontinuity(name + ": its salts are not those of the wal-index");
        }
        return header.start();
    }

    /** Whether the frame at which we stopped is still that frame: then nothing before it has been overwritten. */
    public boolean holds(WalPosition position) throws IOException {
        Optional<WalHeader> header = header();
        if (header.isEmpty()
                || header.get().salt1() != position.salt1()
                || header.get().salt2() != position.salt2()) {
            return false;
        }
        if (position.frame() == 0) {
            return true;
        }
        if (fillHead(FRAME_HEADER, offsetOf(position.frame())) < FRAME_HEADER) {
            return false;
        }
        ByteBuffer frame = ByteBuffer.wrap(head);
        return frame.getInt(8) == position.salt1()
                && frame.getInt(12) == position.salt2()
                && frame.getInt(16) == position.checksum1()
                && frame.getInt(20) == position.checksum2();
    }

    /**
     * Reads the frames after a position up to the end that the wal-index names, and checks that they arrive there.
     *
     * @return that end
     * @throws SourceException.Discontinuity if the WAL is not what it was
     */
    public WalPosition read(WalPosition from, WalIndexHeader index, FrameSink sink) throws IOException {
        WalHeader header = header().orElseThrow(() -> new SourceException.Discontinuity(name + ": no valid header"));
        if (header.salt1() != from.salt1() || header.salt2() != from.salt2()) {
            throw new SourceException.Discontinuity(name + ": was reset");
        }
        long checksum = WalChecksum.pack(from.checksum1(), from.checksum2());
        int next = from.frame() + 1;
        // Taken for this one reading: with many databases, most of them are not being read.
        int most = Math.clamp((long) index.lastFrame() - from.frame(), 1, batchFrames);
        byte[] buffer = new byte[most * frameSize];
        try (Arena room = Arena.ofConfined()) {
            MemorySegment nativeBuffer = room.allocate(buffer.length, 8);
            while (next <= index.lastFrame()) {
                int count = Math.min(most, index.lastFrame() - next + 1);
                if (fill(nativeBuffer, buffer, count * frameSize, offsetOf(next)) < (long) count * frameSize) {
                    throw new SourceException.Discontinuity(
                            name + ": ends within frame " + next + " of " + index.lastFrame() + " committed ones");
                }
                checksum = check(header, checksum, buffer, next, count);
                for (int i = 0; i < count; i++) {
                    emit(next + i, buffer, i * frameSize, sink);
                }
                next += count;
            }
        }
        WalPosition end = new WalPosition(
                header.salt1(),
                header.salt2(),
                index.lastFrame(),
                WalChecksum.first(checksum),
                WalChecksum.second(checksum));
        if (!end.equals(index.end())) {
            throw new SourceException.Discontinuity(
                    name + ": the checksum of frame " + index.lastFrame() + " is not the one the wal-index has");
        }
        return end;
    }

    private long check(WalHeader header, long before, byte[] buffer, int first, int count) throws SourceException {
        ByteBuffer frames = ByteBuffer.wrap(buffer);
        long checksum = before;
        for (int i = 0; i < count; i++) {
            int at = i * frameSize;
            checksum = WalChecksum.update(checksum, buffer, at, 8, header.order());
            checksum =
                    WalChecksum.update(checksum, buffer, at + FRAME_HEADER, frameSize - FRAME_HEADER, header.order());
            if (frames.getInt(at + 8) != header.salt1()
                    || frames.getInt(at + 12) != header.salt2()
                    || frames.getLong(at + 16) != checksum) {
                throw new SourceException.Discontinuity(
                        name + ": frame " + (first + i) + " is committed and does not continue the one before it");
            }
        }
        return checksum;
    }

    private static void emit(int number, byte[] buffer, int at, FrameSink sink) throws IOException {
        ByteBuffer frame = ByteBuffer.wrap(buffer);
        sink.frame(number, frame.getInt(at), frame.getInt(at + 4), buffer, at + FRAME_HEADER);
    }

    /** Tells, for every frame up to a position, which page it holds. The data of the frames is not read. */
    public void readPageNumbers(int lastFrame, PageOfFrame sink) throws IOException {
        for (int frame = 1; frame <= lastFrame; frame++) {
            if (fillHead(4, offsetOf(frame)) < 4) {
                throw new SourceException.Discontinuity(name + ": ends before frame " + frame);
            }
            sink.frame(frame, ByteBuffer.wrap(head).getInt(0));
        }
    }

    /** Receives the page number of a frame. */
    @FunctionalInterface
    public interface PageOfFrame {
        void frame(int number, int page) throws IOException;
    }

    /**
     * Reads the page in a frame, if the WAL is still the one it was captured from.
     *
     * @return false if the WAL was reset meanwhile; then the database file has the page
     */
    public boolean readPage(int frame, WalPosition captured, byte[] into, int offset) throws IOException {
        int pageSize = frameSize - FRAME_HEADER;
        long found = file.read(nativePage, pageSize, offsetOf(frame) + FRAME_HEADER);
        MemorySegment.copy(nativePage, ValueLayout.JAVA_BYTE, 0, into, offset, pageSize);
        // A writer that restarts the WAL writes the header before the first frame, so a header that is still the old
        // one proves that the page was still the old one.
        Optional<WalHeader> header = header();
        return found == pageSize
                && header.isPresent()
                && header.get().salt1() == captured.salt1()
                && header.get().salt2() == captured.salt2();
    }

    /** Whether the file holds, right after the last committed frame, another with the salts of this WAL. */
    public boolean hasFrameBeyond(WalIndexHeader index) throws IOException {
        if (fillHead(FRAME_HEADER, offsetOf(index.lastFrame() + 1)) < FRAME_HEADER) {
            return false;
        }
        ByteBuffer frame = ByteBuffer.wrap(head);
        return frame.getInt(8) == index.salt1() && frame.getInt(12) == index.salt2();
    }

    private long fillHead(int length, long position) throws IOException {
        long found = file.read(nativeHead, length, position);
        MemorySegment.copy(nativeHead, ValueLayout.JAVA_BYTE, 0, head, 0, (int) found);
        return found;
    }

    private long fill(MemorySegment nativeBuffer, byte[] buffer, int length, long position) throws IOException {
        long found = file.read(nativeBuffer, length, position);
        MemorySegment.copy(nativeBuffer, ValueLayout.JAVA_BYTE, 0, buffer, 0, (int) found);
        return found;
    }
}

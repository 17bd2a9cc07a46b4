package dev.runnel.replica.generations;

import dev.runnel.ltx.Scratch;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.sqlite.WalChecksum;
import dev.runnel.sqlite.WalHeader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the segments of a plan change. Every frame is checked as SQLite would: salts, and a checksum that continues that of
 * the frame before. What a WAL gives is what a checkpoint of it would copy back: of each page the newest committed frame,
 * and the size after the last commit.
 */
final class WalReplay implements Closeable {

    private final GenerationFiles files;
    private final Scratch scratch;
    private final int lastWalEnd;
    private @Nullable PageImage image;
    private @Nullable Wal wal;
    private long frames;
    private int pageCount;

    private WalReplay(GenerationFiles files, Scratch scratch, int lastWalEnd) {
        this.files = files;
        this.scratch = scratch;
        this.lastWalEnd = lastWalEnd;
    }

    /** A WAL whose segments are being read. */
    private static final class Wal {
        private final WalHeader header;
        private long checksum;
        private int frames;
        private int committed;
        private int pageCount;

        Wal(WalHeader header) {
            this.header = header;
            this.checksum = header.checksum();
        }

        long end() {
            return WalHeader.SIZE + (long) frames * (WalOutput.FRAME_HEADER + header.pageSize());
        }
    }

    /**
     * Reads the segments.
     *
     * @param segments from the start of a WAL on, in order
     * @throws ReplicaException.Damaged that names the first segment that does not continue what comes before
     */
    static WalReplay of(List<Segment> segments, GenerationFiles files, Scratch scratch) throws IOException {
        WalReplay replay = new WalReplay(files, scratch, Integer.MAX_VALUE);
        try {
            Optional<Wal> last = replay.readAll(segments);
            if (last.isPresent() && last.get().committed < last.get().frames) {
                // A segment may end within a transaction. What was put of it must go, so it is not put to begin with.
                replay.close();
                replay = new WalReplay(files, scratch, last.get().committed);
                replay.readAll(segments);
            }
            return replay;
        } catch (IOException | RuntimeException e) {
            replay.close();
            throw e;
        }
    }

    /** The changed pages, empty if no WAL has a frame. */
    Optional<PageImage> image() {
        return Optional.ofNullable(image);
    }

    /** The size of the database in pages after the last commit; 0 if there is none. */
    int pageCount() {
        return pageCount;
    }

    /** How many frames were read. */
    long frames() {
        return frames;
    }

    /** The header of the last WAL. */
    Optional<WalHeader> lastHeader() {
        return Optional.ofNullable(wal).map(last -> last.header);
    }

    private Optional<Wal> readAll(List<Segment> segments) throws IOException {
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            boolean isInLastWal = segment.index() == segments.getLast().index();
            if (segment.offset() == 0 && wal != null) {
                endWal(wal, segments.get(i - 1));
            }
            files.read(segment.key(), data -> {
                read(segment, data, isInLastWal ? lastWalEnd : Integer.MAX_VALUE);
                return segment;
            });
        }
        if (wal != null) {
            commit(wal);
        }
        return Optional.ofNullable(wal);
    }

    private void endWal(Wal ended, Segment last) throws IOException {
        if (ended.committed < ended.frames) {
            throw files.damaged(
                    last.key(),
                    "its last transaction is not complete, and history goes on: a segment after it is missing");
        }
        commit(ended);
    }

    private void commit(Wal ended) {
        if (ended.committed > 0 && image != null) {
            pageCount = ended.pageCount;
            image.cut(pageCount);
        }
    }

    private void read(Segment segment, InputStream data, int end) throws IOException {
        if (segment.offset() == 0) {
            wal = new Wal(header(segment, data));
        }
        Wal current = wal;
        if (current == null || (segment.offset() > 0 && segment.offset() != current.end())) {
            long expected = current == null ? 0 : current.end();
            throw files.damaged(
                    segment.key(),
                    "it starts at offset " + segment.offset() + " of its WAL, and what was there before it ends at "
                            + expected + ": segments between them are missing");
        }
        byte[] frame = new byte[WalOutput.FRAME_HEADER + current.header.pageSize()];
        for (int length = data.readNBytes(frame, 0, frame.length);
                length > 0;
                length = data.readNBytes(frame, 0, frame.length)) {
            if (length < frame.length) {
                throw files.damaged(segment.key(), "it ends within a frame of its WAL");
            }
            add(segment, current, frame, end);
        }
    }

    private WalHeader header(Segment segment, InputStream data) throws IOException {
        byte[] bytes = data.readNBytes(WalHeader.SIZE);
        WalHeader header = Optional.of(bytes)
                .filter(found -> found.length == WalHeader.SIZE)
                .flatMap(WalHeader::parse)
                .orElseThrow(() -> files.damaged(segment.key(), "it does not start with the header of a WAL"));
        if (image != null && image.pageSize() != header.pageSize()) {
            throw files.damaged(
                    segment.key(),
                    "its pages have " + header.pageSize() + " bytes, those before it " + image.pageSize());
        }
        return header;
    }

    private void add(Segment segment, Wal current, byte[] frame, int end) throws IOException {
        ByteBuffer head = ByteBuffer.wrap(frame);
        WalHeader header = current.header;
        current.checksum = WalChecksum.update(current.checksum, frame, 0, 8, header.order());
        current.checksum =
                WalChecksum.update(current.checksum, frame, WalOutput.FRAME_HEADER, header.pageSize(), header.order());
        int page = head.getInt(0);
        int size = head.getInt(4);
        if (page <= 0
                || size < 0
                || head.getInt(8) != header.salt1()
                || head.getInt(12) != header.salt2()
                || head.getLong(16) != current.checksum) {
            throw files.damaged(
                    segment.key(), "frame " + (current.frames + 1) + " of its WAL does not continue the one before it");
        }
        current.frames++;
        frames++;
        if (current.frames <= end) {
            image(header.pageSize()).put(page, frame, WalOutput.FRAME_HEADER);
        }
        if (size > 0) {
            current.committed = current.frames;
            current.pageCount = size;
        }
    }

    private PageImage image(int pageSize) throws IOException {
        PageImage created = image;
        if (created == null) {
            created = PageImage.create(scratch, pageSize);
            image = created;
        }
        return created;
    }

    @Override
    public void close() throws IOException {
        if (image != null) {
            image.close();
        }
    }
}

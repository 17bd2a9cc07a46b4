package dev.runnel.replica.generations;

import dev.runnel.ltx.Scratch;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.sqlite.WalHeader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the segments of a plan change: what a checkpoint of each WAL would backfill, which is of each page the newest
 * committed frame, and the size after the last commit.
 */
final class WalReplay implements Closeable {

    private final GenerationFiles files;
    private final Scratch scratch;
    private final int lastWalEnd;
    private @Nullable PageImage image;
    private @Nullable WalFrames wal;
    private long frames;
    private int pageCount;

    private WalReplay(GenerationFiles files, Scratch scratch, int lastWalEnd) {
        this.files = files;
        this.scratch = scratch;
        this.lastWalEnd = lastWalEnd;
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
            Optional<WalFrames> last = replay.readAll(segments);
            if (last.isPresent() && last.get().committed() < last.get().count()) {
                // A segment may end within a transaction. What was put of it must go, so it is not put to begin with.
                replay.close();
                replay = new WalReplay(files, scratch, last.get().committed());
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
        return Optional.ofNullable(wal).map(WalFrames::header);
    }

    private Optional<WalFrames> readAll(List<Segment> segments) throws IOException {
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

    private void endWal(WalFrames ended, Segment last) throws IOException {
        if (ended.committed() < ended.count()) {
            throw files.damaged(
                    last.key(),
                    "its last transaction is not complete, and history continues: a segment after it is missing");
        }
        commit(ended);
    }

    private void commit(WalFrames ended) throws IOException {
        if (ended.committed() > 0 && image != null) {
            pageCount = ended.pageCount();
            image.cut(pageCount);
        }
    }

    private void read(Segment segment, InputStream data, int end) throws IOException {
        if (segment.offset() == 0) {
            wal = start(segment, data);
        }
        WalFrames current = wal;
        if (current == null || (segment.offset() > 0 && segment.offset() != current.end())) {
            long expected = current == null ? 0 : current.end();
            throw files.damaged(
                    segment.key(),
                    "it starts at offset " + segment.offset() + " of its WAL, and what was there before it ends at "
                            + expected + ": segments between them are missing");
        }
        current.read(segment.key(), data, (page, frame, offset) -> {
            frames++;
            if (current.count() <= end) {
                image(current.header().pageSize()).put(page, frame, offset);
            }
        });
    }

    private WalFrames start(Segment segment, InputStream data) throws IOException {
        WalFrames started = WalFrames.start(files, segment.key(), data);
        int pageSize = started.header().pageSize();
        if (image != null && image.pageSize() != pageSize) {
            throw files.damaged(
                    segment.key(), "its pages have " + pageSize + " bytes, those before it " + image.pageSize());
        }
        return started;
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

package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.PageEntry;
import dev.runnel.ltx.PageFrameDecoder;
import dev.runnel.ltx.PageSink;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Pages that lie side by side in one file, fetched by one request, in memory that does not depend on how many they are. */
record FileRun(PlanFile source, List<PageEntry> entries) implements PlanSource.Run {
    /** Held at a time: room for some of the largest frames, and small enough to stay in a processor's cache. */
    private static final int WINDOW_SIZE = 256 * 1024;

    FileRun {
        entries = List.copyOf(entries);
    }

    private long start() {
        return entries.getFirst().offset();
    }

    @Override
    public long size() {
        return entries.getLast().end() - start();
    }

    @Override
    public Optional<PlannedFile> file() {
        return Optional.of(source.planned());
    }

    @Override
    public void readTo(PageSink sink) throws IOException {
        try (InputStream in = source.stream(new ByteRange(start(), size()))) {
            new Window(in).readTo(sink);
        }
    }

    /** The bytes of the run, as far as they have been read. */
    private final class Window {
        private final InputStream in;
        private final byte[] bytes = new byte[(int) Math.min(WINDOW_SIZE, size())];
        private long offset = start();
        private int length;

        Window(InputStream in) {
            this.in = in;
        }

        void readTo(PageSink sink) throws IOException {
            PageFrameDecoder frames =
                    new PageFrameDecoder(source.source(), source.header().pageSize());
            byte[] page = new byte[source.header().pageSize().bytes()];
            for (PageEntry entry : entries) {
                if (entry.end() > offset + length) {
                    moveTo(entry);
                }
                try {
                    frames.decode(entry, bytes, (int) (entry.offset() - offset), page, 0);
                } catch (LtxException e) {
                    throw source.damaged(e);
                }
                sink.page(entry.number(), page, 0);
            }
        }

        /** Makes a frame the first in the window, and fills what is behind it. */
        private void moveTo(PageEntry entry) throws IOException {
            long skipped = Math.max(0, entry.offset() - (offset + length));
            int kept = (int) Math.max(0, offset + length - entry.offset());
            System.arraycopy(bytes, length - kept, bytes, 0, kept);
            in.skipNBytes(skipped);
            offset = entry.offset();
            int wanted = (int) Math.min(bytes.length, start() + size() - offset);
            length = kept + in.readNBytes(bytes, kept, wanted - kept);
            if (length < entry.size()) {
                throw source.damaged("it ends at offset " + (offset + length) + ", within page " + entry.number());
            }
        }
    }
}

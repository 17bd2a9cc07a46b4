package dev.runnel.replica.generations;

import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.replica.generations.GenerationKeys.Named;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.sqlite.DatabaseHeader;
import dev.runnel.store.ObjectInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The pages of a snapshot and of the WALs after it. The segments are read first, and what they change is put aside; then
 * the snapshot streams past, and each page is given once: as a WAL left it, or as the snapshot has it. Memory is bounded,
 * whatever the size of the database.
 */
final class GenerationsPlanSource implements PlanSource {
    private static final int RUN_SIZE = 1 << 20;

    /** Of an empty database; it has no page that could say another. */
    private static final int USUAL_PAGE_SIZE = 4096;

    private final String where;
    private final SnapshotInput snapshot;
    private final WalReplay replay;
    private final OptionalLong databaseChecksum;
    private final PageSize pageSize;
    private final int pageCount;
    private final long segmentsSize;
    private final byte[] zeros;
    private long fetched;
    private int given;
    private boolean snapshotEnded;

    private GenerationsPlanSource(
            String where, SnapshotInput snapshot, WalReplay replay, OptionalLong databaseChecksum, long segmentsSize)
            throws IOException {
        this.where = where;
        this.snapshot = snapshot;
        this.replay = replay;
        this.databaseChecksum = databaseChecksum;
        this.segmentsSize = segmentsSize;
        this.pageSize = new PageSize(pageSizeOf(snapshot, replay));
        this.zeros = new byte[pageSize.bytes()];
        this.pageCount = replay.pageCount() > 0 ? replay.pageCount() : pageCountOf(snapshot);
    }

    /**
     * Reads the segments of a plan, and the start of its snapshot.
     *
     * @param scratch room for the pages that the segments change
     */
    static GenerationsPlanSource open(GenerationFiles files, GenerationKeys keys, RestorePlan plan, Scratch scratch)
            throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (PlannedFile file : plan.files()) {
            ObjectInfo object = new ObjectInfo(file.key(), file.size(), file.time());
            if (keys.parse(object).orElseThrow() instanceof Named.Content(Segment segment)) {
                segments.add(segment);
            }
        }
        String where = files.store().location();
        long size = segments.stream().mapToLong(Segment::size).sum();
        WalReplay replay = WalReplay.of(segments, files, scratch);
        try {
            SnapshotInput snapshot =
                    SnapshotInput.open(files, plan.files().getFirst().key());
            try {
                return new GenerationsPlanSource(where, snapshot, replay, claimed(files, keys, plan, replay), size);
            } catch (IOException | RuntimeException e) {
                snapshot.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            replay.close();
            throw e;
        }
    }

    /**
     * What the last WAL says of the database, where Runnel has written it. A snapshot alone is of the state after the WAL
     * that leads up to it, which is there too unless it was lost.
     */
    private static OptionalLong claimed(GenerationFiles files, GenerationKeys keys, RestorePlan plan, WalReplay replay)
            throws IOException {
        if (plan.hasTxid() && replay.lastHeader().isEmpty()) {
            return besideSnapshot(files, keys, plan);
        }
        Optional<WalSalts> salts =
                replay.lastHeader().filter(_ -> plan.hasTxid()).map(WalSalts::of);
        if (salts.isPresent() && salts.get().isFiller()) {
            throw files.damaged(
                    plan.files().getLast().key(),
                    "it stands for changes that are in the WAL of "
                            + RestorePlan.called(salts.get().after(plan.reached())) + ", which is missing");
        }
        return salts.stream().mapToLong(WalSalts::databaseChecksum).findFirst();
    }

    private static OptionalLong besideSnapshot(GenerationFiles files, GenerationKeys keys, RestorePlan plan)
            throws IOException {
        String key = keys.segmentBefore(plan.files().getFirst().key());
        try {
            WalSalts salts = files.read(
                    key, data -> WalSalts.of(WalFrames.start(files, key, data).header()));
            return salts.isFiller() ? OptionalLong.empty() : OptionalLong.of(salts.databaseChecksum());
        } catch (ReplicaException.Vanished | ReplicaException.Damaged e) {
            return OptionalLong.empty();
        }
    }

    private static int pageSizeOf(SnapshotInput snapshot, WalReplay replay) throws IOException {
        Optional<Integer> changed = replay.image().map(PageImage::pageSize);
        if (snapshot.isEmpty()) {
            return changed.orElse(USUAL_PAGE_SIZE);
        }
        int found = snapshot.header().pageSize();
        if (changed.isPresent() && changed.get() != found) {
            throw snapshot.damaged("its pages have " + found + " bytes, those of the WAL after it " + changed.get());
        }
        return found;
    }

    private static int pageCountOf(SnapshotInput snapshot) throws IOException {
        if (snapshot.isEmpty()) {
            return 0;
        }
        DatabaseHeader header = snapshot.header();
        if (header.pageCount() <= 0 || header.validFor() != header.changeCounter()) {
            throw snapshot.damaged("its database does not say how many pages it has");
        }
        return header.pageCount();
    }

    @Override
    public int pageSize() {
        return pageSize.bytes();
    }

    @Override
    public int pageCount() {
        return pageCount;
    }

    @Override
    public OptionalLong databaseChecksum() {
        return databaseChecksum;
    }

    @Override
    public Optional<Run> next() throws IOException {
        byte[] chunk = snapshotEnded ? new byte[0] : snapshot.next();
        if (!snapshotEnded && chunk.length % pageSize.bytes() != 0) {
            throw snapshot.damaged("its database ends within a page");
        }
        if (chunk.length == 0) {
            return afterSnapshot();
        }
        int first = given + 1;
        given += chunk.length / pageSize.bytes();
        return Optional.of(new ChunkRun(first, given, chunk, sizeOfRun()));
    }

    /** Pages that the snapshot does not have. */
    private Optional<Run> afterSnapshot() throws IOException {
        if (!snapshotEnded) {
            snapshotEnded = true;
            checkPageCount();
        }
        if (given >= pageCount) {
            return Optional.empty();
        }
        int first = given + 1;
        given = (int) Math.min(pageCount, (long) given + RUN_SIZE / pageSize.bytes());
        return Optional.of(new ChunkRun(first, given, new byte[0], 0));
    }

    /** SQLite holds a WAL for damaged on the same grounds. */
    private void checkPageCount() throws ReplicaException {
        long most = given + replay.frames() + (replay.frames() > 0 ? (1 << 16) / pageSize.bytes() : 0);
        if (pageCount > most) {
            throw snapshot.damaged("the database has to have " + pageCount + " pages, and the snapshot has " + given
                    + " and the WAL after it " + replay.frames() + " frames");
        }
    }

    /** The segments are fetched before the first run. */
    private long sizeOfRun() {
        long before = fetched;
        fetched = segmentsSize + snapshot.consumed();
        return fetched - before;
    }

    @Override
    public void findDamage() throws ReplicaException {
        throw new ReplicaException.Damaged(
                where + ": the files are each as they were written, but together they do not give the database whose"
                        + " checksum the last of them carries",
                "Check whether two processes wrote to this replica; restore a point before the newest, or another"
                        + " replica.");
    }

    @Override
    public void close() throws IOException {
        try (replay) {
            snapshot.close();
        }
    }

    /** Some pages that follow each other, with what the snapshot has of them: nothing, behind its end. */
    private final class ChunkRun implements Run {
        private final int first;
        private final int last;
        private final byte[] chunk;
        private final long size;

        ChunkRun(int first, int last, byte[] chunk, long size) {
            this.first = first;
            this.last = Math.min(last, pageCount);
            this.chunk = chunk;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void readTo(PageSink sink) throws IOException {
            Optional<PageImage> image = replay.image();
            PageSink stored = (number, data, offset) -> {
                if (number != pageSize.lockPage()) {
                    sink.page(number, data, offset);
                }
            };
            for (int page = first; page <= last; ) {
                int end = image.isPresent() ? endOfChanged(image.get(), page) : page;
                if (end > page) {
                    image.orElseThrow().readTo(stored, page, end - page);
                    page = end;
                } else {
                    readUnchanged(page, image, stored);
                    page++;
                }
            }
        }

        private void readUnchanged(int page, Optional<PageImage> image, PageSink sink) throws IOException {
            boolean isIntact = page <= image.map(PageImage::intact).orElse(Integer.MAX_VALUE);
            if (chunk.length > 0 && isIntact) {
                sink.page(page, chunk, (page - first) * pageSize.bytes());
            } else {
                sink.page(page, zeros, 0);
            }
        }

        /** The first page from this one on that no WAL has changed. */
        private int endOfChanged(PageImage image, int page) throws IOException {
            int end = page;
            while (end <= last && image.has(end)) {
                end++;
            }
            return end;
        }
    }
}

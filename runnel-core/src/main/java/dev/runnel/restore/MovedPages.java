package dev.runnel.restore;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.Crc64;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.RestorePlan.PlannedFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which pages a restore has moved, so that the next one need not: a file beside the database in the making, with sixteen
 * bytes for each page: the checksum it had when it was written, and which file at the replica it came from. It is not
 * synced and not believed: a page counts as there if it is wanted from the same file, and what stands in the database has
 * that checksum. The format is described in {@code docs/formats.md}.
 */
final class MovedPages implements Closeable, PlanSource.Present {
    /** Of an entry, in bytes. The first stands where page 0 would, and says what the file is. */
    static final int ENTRY = 16;

    private static final long MAGIC = 0x524e4c4d4f564432L;

    private final DiskFile file;
    private final DiskFile database;
    private final PageTally tally;
    private final int pageSize;
    private final ByteBuffer entry = ByteBuffer.allocate(ENTRY);
    private final ByteBuffer page;
    private long present;
    private volatile boolean used;

    private MovedPages(DiskFile file, DiskFile database, int pageSize) {
        this.file = file;
        this.database = database;
        this.pageSize = pageSize;
        this.tally = new PageTally(pageSize);
        this.page = ByteBuffer.allocate(pageSize);
    }

    static MovedPages create(Disk disk, Path path, DiskFile database, int pageSize) throws IOException {
        DiskFile file = disk.create(path);
        try {
            file.write(header(pageSize), 0);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        return new MovedPages(file, database, pageSize);
    }

    /** What an earlier restore has left; empty if there is nothing that could be of use. */
    static Optional<MovedPages> open(Disk disk, Path path, DiskFile database, int pageSize) throws IOException {
        if (disk.stat(path).isEmpty()) {
            return Optional.empty();
        }
        DiskFile file = disk.open(path);
        ByteBuffer header = ByteBuffer.allocate(ENTRY);
        file.read(header, 0);
        if (!header.flip().equals(header(pageSize))) {
            file.close();
            return Optional.empty();
        }
        MovedPages pages = new MovedPages(file, database, pageSize);
        pages.used = true;
        return Optional.of(pages);
    }

    private static ByteBuffer header(int pageSize) {
        return ByteBuffer.allocate(ENTRY).putLong(MAGIC).putLong(pageSize).flip();
    }

    /** Checks a page, and counts it if it is there. For one thread at a time. */
    @Override
    public boolean has(int number, PlannedFile from) throws IOException {
        entry.clear();
        if (file.read(entry, (long) number * ENTRY) < ENTRY || entry.getLong(Long.BYTES) != id(from)) {
            return false;
        }
        page.clear();
        if (database.read(page, (number - 1L) * pageSize) < pageSize
                || Checksums.page(number, page.array(), 0, pageSize) != entry.getLong(0)) {
            return false;
        }
        tally.add(number, page.array(), 0);
        present++;
        return true;
    }

    /** Of the pages that were there. */
    PageTally tally() {
        return tally;
    }

    /** Whether anything was ever noted here. */
    boolean isUsed() {
        return used;
    }

    /** How many pages were there. */
    long present() {
        return present;
    }

    /** Notes the pages of one run; one for each thread. */
    Notes notes(PlannedFile from) {
        return new Notes(id(from));
    }

    /** Which file it is, and that it is still the same. Never 0, which stands where nothing was noted. */
    private static long id(PlannedFile from) {
        byte[] text = (from.key() + "\n" + from.size() + "\n" + from.time()).getBytes(StandardCharsets.UTF_8);
        return Checksums.FLAG | Crc64.update(0, text, 0, text.length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Gathers the entries of neighbours to few writes. */
    final class Notes {
        private static final int BUFFER_SIZE = 16 * 1024;

        private final long id;
        private final ByteBuffer entries = ByteBuffer.allocate(BUFFER_SIZE);
        private long next;

        private Notes(long id) {
            this.id = id;
        }

        void moved(int number, long checksum) throws IOException {
            if (number != next || !entries.hasRemaining()) {
                write();
            }
            entries.putLong(checksum).putLong(id);
            next = number + 1L;
        }

        /** Writes what is held back. */
        void write() throws IOException {
            entries.flip();
            if (entries.hasRemaining()) {
                file.write(entries, next * ENTRY - entries.limit());
                used = true;
            }
            entries.clear();
        }
    }
}

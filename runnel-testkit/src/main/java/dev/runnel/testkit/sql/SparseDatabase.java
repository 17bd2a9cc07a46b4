package dev.runnel.testkit.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes databases that are large and cost nothing: nearly all of their pages are free, and free pages are holes in the
 * file. SQLite finds no fault in them, and takes its next pages from the end of the file, so that a few small
 * transactions reach both sides of the lock page.
 */
public final class SparseDatabase {
    private static final int LOCK_OFFSET = 0x40000000;
    private static final int CHANGE_COUNTER = 24;
    private static final int PAGE_COUNT = 28;
    private static final int FIRST_TRUNK = 32;
    private static final int FREE_PAGES = 36;
    private static final int COUNT_VALID_FOR = 92;
    private static final int PAGES_AFTER_LOCK_PAGE = 100;

    private final FileChannel file;
    private final int pageSize;
    private final int lockPage;

    private SparseDatabase(FileChannel file, int pageSize) {
        this.file = file;
        this.pageSize = pageSize;
        this.lockPage = LOCK_OFFSET / pageSize + 1;
    }

    /** Creates a database that ends a hundred pages after the lock page, in WAL mode, without tables, and closes it. */
    public static Path createAcrossLockPage(Path path, int pageSize) throws SqlFailure {
        try (SqlSession session = JdbcSession.open(path)) {
            session.run("pragma page_size=" + pageSize, "pragma user_version=1");
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            new SparseDatabase(file, pageSize).extend();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (SqlSession session = JdbcSession.open(path)) {
            session.run("pragma journal_mode=wal");
        }
        return path;
    }

    /**
     * Creates a database of very many pages, in WAL mode, and closes it. All but the first are holes in the file that
     * nothing uses, not even the list of free pages, so that only its size is large.
     */
    public static Path createWithUnusedPages(Path path, int pageSize, int pages) throws SqlFailure {
        try (SqlSession session = JdbcSession.open(path)) {
            session.run("pragma page_size=" + pageSize, "create table t(a)", "insert into t values('first')");
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            SparseDatabase database = new SparseDatabase(file, pageSize);
            database.write(PAGE_COUNT, pages);
            database.write(COUNT_VALID_FOR, database.read(CHANGE_COUNTER));
            file.write(ByteBuffer.allocate(1), (long) pages * pageSize - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (SqlSession session = JdbcSession.open(path)) {
            session.run("pragma journal_mode=wal");
        }
        return path;
    }

    private void extend() throws IOException {
        int last = lockPage + PAGES_AFTER_LOCK_PAGE;
        int used = Math.toIntExact(file.size() / pageSize);
        // SQLite uses the first trunk first; it is written last and lists the pages at the end of the file.
        int trunk = 0;
        for (int page = used + 1; page <= last; ) {
            int next = page == lockPage ? page + 1 : page;
            page = writeTrunk(next, trunk, last);
            trunk = next;
        }
        write(PAGE_COUNT, last);
        write(FIRST_TRUNK, trunk);
        write(FREE_PAGES, last - used - 1);
        write(COUNT_VALID_FOR, read(CHANGE_COUNTER));
        file.write(ByteBuffer.allocate(1), (long) last * pageSize - 1);
    }

    /** Writes a trunk that lists the pages after it; gives the first page it does not list. */
    private int writeTrunk(int trunk, int nextTrunk, int last) throws IOException {
        int most = pageSize / Integer.BYTES - 8;
        ByteBuffer page = ByteBuffer.allocate(pageSize);
        page.putInt(nextTrunk).putInt(0);
        int leaf = trunk + 1;
        int count = 0;
        for (; leaf <= last && count < most; leaf++) {
            if (leaf != lockPage) {
                page.putInt(leaf);
                count++;
            }
        }
        page.putInt(Integer.BYTES, count);
        file.write(page.clear(), (long) (trunk - 1) * pageSize);
        return leaf;
    }

    private void write(int offset, int value) throws IOException {
        file.write(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip(), offset);
    }

    private int read(int offset) throws IOException {
        ByteBuffer value = ByteBuffer.allocate(Integer.BYTES);
        if (file.read(value, offset) < Integer.BYTES) {
            throw new IOException("no database header");
        }
        return value.flip().getInt();
    }
}

package dev.runnel.testkit.fault;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.JavaProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Watches a database's WAL from a process of its own, so that a test can say that what it is about did happen: the WAL
 * was restarted, frames lay beyond the wal-index's end, and the watched process held read mark 0.
 */
public final class WalWatch implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = 2_000_000;
    private static final int WAL_HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int INDEX_HEADER = 48;
    private static final Pattern SEEN = Pattern.compile("^seen (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)$");

    private final Child child;

    private WalWatch(Child child) {
        this.child = child;
    }

    /** Starts watching a database and, on it, the locks of one process. */
    public static WalWatch start(Path database, long pid) {
        return new WalWatch(JavaProgram.of(WalWatch.class.getName()).start(database.toString(), String.valueOf(pid)));
    }

    /** What it has seen so far. */
    public WalSightings sightings() {
        child.send("?");
        Matcher seen = SEEN.matcher(child.awaitLine(SEEN, LIMIT));
        if (!seen.matches()) {
            throw new AssertionError(child.transcript());
        }
        long[] n = new long[6];
        Arrays.setAll(n, i -> Long.parseLong(seen.group(i + 1)));
        return new WalSightings(n[0], n[1], n[2], n[3], n[4], n[5]);
    }

    @Override
    public void close() {
        child.close();
    }

    /** The watch itself: looks until its standard input ends, and answers each line with what it has seen. */
    public static void main(String[] arguments) throws IOException {
        Watcher watcher = new Watcher(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Thread.ofPlatform().daemon().start(watcher::run);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            WalSightings s = watcher.seen;
            out.println("seen " + s.looks() + " " + s.restarts() + " " + s.beyondEnd() + " " + s.onMark0() + " "
                    + s.onOtherMark() + " " + s.largestBytes());
        }
    }

    private static final class Watcher {
        private final Path database;
        private final int pid;
        private volatile WalSightings seen = new WalSightings(0, 0, 0, 0, 0, 0);
        private OptionalLong salts = OptionalLong.empty();

        Watcher(Path database, int pid) {
            this.database = database;
            this.pid = pid;
        }

        void run() {
            while (true) {
                try {
                    look();
                } catch (NoSuchFileException e) {
                    // The last connection has closed: there is no WAL to look at until somebody opens the database.
                    salts = OptionalLong.empty();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        private void look() throws IOException {
            WalSightings was = seen;
            try (FileChannel wal = FileChannel.open(database.resolveSibling(database.getFileName() + "-wal"));
                    FileChannel index = FileChannel.open(SqliteLock.WRITE.file(database))) {
                ByteBuffer header = read(wal, 0, WAL_HEADER);
                OptionalLong now = header.remaining() < WAL_HEADER ? salts : OptionalLong.of(header.getLong(16));
                boolean restarted = salts.isPresent() && !salts.equals(now);
                salts = now;
                seen = new WalSightings(
                        was.looks() + 1,
                        was.restarts() + (restarted ? 1 : 0),
                        was.beyondEnd() + (framesBeyondEnd(wal, index, header) ? 1 : 0),
                        was.onMark0() + (holds(SqliteLock.READ_0) ? 1 : 0),
                        was.onOtherMark() + (holds(SqliteLock.READ_1) || holds(SqliteLock.READ_2) ? 1 : 0),
                        Math.max(was.largestBytes(), wal.size()));
            }
        }

        private boolean framesBeyondEnd(FileChannel wal, FileChannel index, ByteBuffer header) throws IOException {
            ByteBuffer first = read(index, 0, INDEX_HEADER).order(ByteOrder.nativeOrder());
            if (first.remaining() < INDEX_HEADER || header.remaining() < WAL_HEADER) {
                return false;
            }
            long frames = Integer.toUnsignedLong(first.getInt(16));
            long frameSize = (long) FRAME_HEADER + header.getInt(8);
            ByteBuffer next = read(wal, WAL_HEADER + frames * frameSize, FRAME_HEADER);
            long current = header.getLong(16);
            return first.order(ByteOrder.BIG_ENDIAN).getLong(32) == current
                    && next.remaining() == FRAME_HEADER
                    && next.getLong(8) == current;
        }

        private boolean holds(SqliteLock lock) {
            try (PosixLocks locks = PosixLocks.open(lock.file(database))) {
                return locks.holder(lock.offset(), lock.length())
                        .filter(holder -> holder.pid() == pid)
                        .isPresent();
            }
        }

        private static ByteBuffer read(FileChannel file, long offset, int length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) > 0) {}
            return bytes.flip();
        }
    }
}

package dev.runnel.restore;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Files on the heap; zeros take no room, so that a sparse file may be large. It can be told to fail at the n-th change, and
 * counts them.
 */
final class MemoryDisk implements Disk {
    private static final int CHUNK = 4096;
    private static final byte[] ZEROS = new byte[CHUNK];
    private static final Instant TIME = Instant.EPOCH;

    private final Map<Path, Content> files = new TreeMap<>();
    private final Set<Path> folders = new TreeSet<>();
    private final List<String> changes = new ArrayList<>();
    private int failAt = Integer.MAX_VALUE;

    private static final class Content {
        private final NavigableMap<Long, byte[]> chunks = new TreeMap<>();
        private long size;
        private boolean synced = true;
        private boolean locked;

        private Content copy() {
            Content copy = new Content();
            chunks.forEach((number, bytes) -> copy.chunks.put(number, bytes.clone()));
            copy.size = size;
            return copy;
        }
    }

    /** Makes the n-th change from now fail, counted from 0, and all after it go well again. */
    void failAt(int change) {
        failAt = changes.size() + change;
    }

    /** Whether that change has come. */
    synchronized boolean hasFailed() {
        return changes.size() > failAt;
    }

    /** What is left when the process is killed: files as they are, and no locks. */
    synchronized MemoryDisk afterKill() {
        MemoryDisk copy = new MemoryDisk();
        files.forEach((path, content) -> copy.files.put(path, content.copy()));
        return copy;
    }

    /** What was changed, in order. */
    synchronized List<String> changes() {
        return List.copyOf(changes);
    }

    synchronized Set<Path> names() {
        return Set.copyOf(files.keySet());
    }

    synchronized byte[] bytes(Path file) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(content(file).size));
        openToRead(file).read(all, 0);
        return all.array();
    }

    synchronized void put(Path file, byte[] bytes) {
        Content content = new Content();
        files.put(file, content);
        content.size = bytes.length;
        write(content, ByteBuffer.wrap(bytes), 0);
    }

    @Override
    public synchronized DiskFile create(Path file) throws IOException {
        change("create " + file);
        if (files.containsKey(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Content content = new Content();
        files.put(file, content);
        return new OpenFile(content);
    }

    @Override
    public synchronized DiskFile open(Path file) throws IOException {
        return new OpenFile(content(file));
    }

    @Override
    public DiskFile openToRead(Path file) throws IOException {
        return open(file);
    }

    @Override
    public synchronized void publish(Path temp, Path target) throws IOException {
        change("publish " + target);
        if (!content(temp).synced) {
            throw new AssertionError(temp + " is not synced");
        }
        files.put(target, content(temp));
        files.remove(temp);
    }

    @Override
    public synchronized void publishNew(Path temp, Path target) throws IOException {
        if (files.containsKey(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        publish(temp, target);
    }

    @Override
    public void syncFolder(Path folder) {}

    @Override
    public synchronized void createFolders(Path folder) throws IOException {
        if (folders.add(folder)) {
            change("folder " + folder);
        }
    }

    @Override
    public synchronized List<FileInfo> list(Path folder) throws IOException {
        List<FileInfo> found = new ArrayList<>();
        for (Path file : files.keySet()) {
            if (folder.equals(file.getParent())) {
                stat(file).ifPresent(found::add);
            }
        }
        return found;
    }

    @Override
    public synchronized Optional<FileInfo> stat(Path file) {
        if (folders.contains(file)) {
            // The root has no name.
            return Optional.of(new FileInfo(String.valueOf(file.getFileName()), 0, TIME, true));
        }
        return Optional.ofNullable(files.get(file))
                .map(content -> new FileInfo(file.getFileName().toString(), content.size, TIME, false));
    }

    @Override
    public void setTime(Path file, Instant time) {}

    @Override
    public synchronized void delete(Path file) throws IOException {
        change("delete " + file);
        files.remove(file);
    }

    private Content content(Path file) throws NoSuchFileException {
        Content content = files.get(file);
        if (content == null) {
            throw new NoSuchFileException(file.toString());
        }
        return content;
    }

    private void change(String what) throws IOException {
        changes.add(what);
        if (changes.size() - 1 == failAt) {
            throw new IOException("no space left");
        }
    }

    private static void write(Content content, ByteBuffer from, long position) {
        long at = position;
        while (from.hasRemaining()) {
            long chunk = at / CHUNK;
            int start = (int) (at % CHUNK);
            int length = Math.min(from.remaining(), CHUNK - start);
            ByteBuffer part = from.slice(from.position(), length);
            if (content.chunks.containsKey(chunk) || part.mismatch(ByteBuffer.allocate(length)) >= 0) {
                part.get(content.chunks.computeIfAbsent(chunk, _ -> new byte[CHUNK]), start, length);
            }
            from.position(from.position() + length);
            at += length;
        }
        content.size = Math.max(content.size, at);
    }

    private final class OpenFile implements DiskFile {
        private final Content content;
        private boolean holdsLock;

        OpenFile(Content content) {
            this.content = content;
        }

        @Override
        public int read(ByteBuffer into, long position) {
            synchronized (MemoryDisk.this) {
                int length = Math.clamp(content.size - position, 0, into.remaining());
                for (int done = 0; done < length; ) {
                    int start = (int) ((position + done) % CHUNK);
                    int part = Math.min(length - done, CHUNK - start);
                    into.put(content.chunks.getOrDefault((position + done) / CHUNK, ZEROS), start, part);
                    done += part;
                }
                return length;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (MemoryDisk.this) {
                change("write");
                content.synced = false;
                MemoryDisk.write(content, from, position);
            }
        }

        @Override
        public void setSize(long size) throws IOException {
            synchronized (MemoryDisk.this) {
                change("size " + size);
                content.synced = false;
                content.size = size;
            }
        }

        @Override
        public long size() {
            return content.size;
        }

        @Override
        public void sync() throws IOException {
            synchronized (MemoryDisk.this) {
                change("sync");
                content.synced = true;
            }
        }

        @Override
        public boolean tryLock() {
            synchronized (MemoryDisk.this) {
                holdsLock |= !content.locked;
                content.locked = true;
                return holdsLock;
            }
        }

        @Override
        public void close() {
            synchronized (MemoryDisk.this) {
                content.locked &= !holdsLock;
                holdsLock = false;
            }
        }
    }
}

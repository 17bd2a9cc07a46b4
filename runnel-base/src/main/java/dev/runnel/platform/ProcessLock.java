package dev.runnel.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lock file of ours: held by one process at a time, gone with the process, and it names its holder. An error of the disk is
 * never taken for another holder.
 */
public final class ProcessLock implements Closeable {
    private static final int NAME_LIMIT = 200;

    /** What this process holds. Opening and closing such a file once more would drop the lock, in silence. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** The same files by what they are: the folder of one may be renamed, and the lock goes with the file. */
    private static final Set<Object> HELD_FILES = ConcurrentHashMap.newKeySet();

    private final Path key;
    private final Object file;
    private final FileChannel channel;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private ProcessLock(Path key, Object file, FileChannel channel) {
        this.key = key;
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock, or says who holds it. */
    public sealed interface Attempt {
        record Taken(ProcessLock lock) implements Attempt {}

        record HeldBy(String holder) implements Attempt {}
    }

    /**
     * Tries to take the lock without waiting.
     *
     * @param file in a folder that exists
     */
    public static Attempt tryTake(Path file) throws IOException {
        Path key = key(file);
        if (!HELD.add(key)) {
            return new Attempt.HeldBy("this process");
        }
        Optional<FileChannel> open = Optional.empty();
        boolean taken = false;
        try {
            if (isHeldUnderAnotherName(file, key)) {
                return new Attempt.HeldBy("this process");
            }
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            open = Optional.of(channel);
            Optional<FileLock> lock = Optional.ofNullable(channel.tryLock());
            if (lock.isEmpty()) {
                return new Attempt.HeldBy(holder(channel));
            }
            channel.truncate(0);
            String me = "process " + ProcessHandle.current().pid();
            channel.write(ByteBuffer.wrap((me + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            Object identity = identity(file, key);
            HELD_FILES.add(identity);
            taken = true;
            return new Attempt.Taken(new ProcessLock(key, identity, channel));
        } finally {
            if (!taken) {
                try {
                    if (open.isPresent()) {
                        open.get().close();
                    }
                } finally {
                    HELD.remove(key);
                }
            }
        }
    }

    private static boolean isHeldUnderAnotherName(Path file, Path key) throws IOException {
        return Files.exists(file) && HELD_FILES.contains(identity(file, key));
    }

    private static Object identity(Path file, Path key) throws IOException {
        Object found = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return found == null ? key : found;
    }

    /**
     * The other process that wrote its name into the file last; it may have ended since. Empty if there is none, or if this
     * process holds the lock. The lock is not touched, so a process that wants it at this instant gets it.
     */
    public static Optional<String> otherHolder(Disk disk, Path file) throws IOException {
        try {
            Path key = key(file);
            if (HELD.contains(key) || isHeldUnderAnotherName(file, key)) {
                return Optional.empty();
            }
            try (DiskFile open = disk.openToRead(file)) {
                ByteBuffer holder = ByteBuffer.allocate(NAME_LIMIT);
                return Optional.of(text(open.read(holder, 0), holder.array())).filter(name -> !name.isEmpty());
            }
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static Path key(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file : folder.toRealPath().resolve(String.valueOf(file.getFileName()));
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer holder = ByteBuffer.allocate(NAME_LIMIT);
        String name = text(channel.read(holder, 0), holder.array());
        return name.isEmpty() ? "a process that could not write its name" : name;
    }

    /** @param length what a read has returned */
    private static String text(int length, byte[] read) {
        return new String(read, 0, Math.max(0, length), StandardCharsets.UTF_8).strip();
    }

    /** The descriptor is closed before the lock counts as free: closing it later would drop the lock of the next holder. */
    @Override
    public void close() throws IOException {
        if (isClosed.compareAndSet(false, true)) {
            try {
                channel.close();
            } finally {
                HELD_FILES.remove(file);
                HELD.remove(key);
            }
        }
    }
}

package dev.runnel.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A lock file of ours: held by one process at a time, gone with the process, and it names its holder. */
public final class ProcessLock implements Closeable {
    private static final int NAME_LIMIT = 200;

    private final FileChannel channel;

    private ProcessLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, or says who holds it. */
    public sealed interface Attempt {
        record Taken(ProcessLock lock) implements Attempt {}

        record HeldBy(String holder) implements Attempt {}
    }

    /** Tries to take the lock without waiting. */
    public static Attempt tryTake(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Optional<FileLock> lock = tryLock(channel);
        if (lock.isEmpty()) {
            ByteBuffer holder = ByteBuffer.allocate(NAME_LIMIT);
            channel.read(holder, 0);
            channel.close();
            return new Attempt.HeldBy(new String(holder.array(), 0, holder.position(), StandardCharsets.UTF_8).strip());
        }
        String me = "process " + ProcessHandle.current().pid();
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((me + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        return new Attempt.Taken(new ProcessLock(channel));
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package dev.runnel.sqlite;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.runnel.platform.Causes;
import dev.runnel.platform.NativeCall;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A file descriptor that the Java runtime does not own, so that nothing but {@link #close} closes it: no cleaner, no
 * channel. It is separate from {@code FileChannel} for that reason, and because asking who holds a lock
 * ({@code fcntl(F_GETLK)}) needs the descriptor itself; {@code tryLock} on the same file would take and then drop
 * SQLite's own locks.
 */
final class PosixFile {
    private static final MethodHandle OPEN =
            function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle PREAD =
            function("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FCNTL = function(
            "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FSYNC = function("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    /** Linux: {@code struct flock} is type, whence (shorts), start, length (longs), pid (int). */
    private static final int F_GETLK = 5;

    /** Linux: locks of this open file alone. They meet POSIX locks, also those of this process, and outlive other closes. */
    private static final int F_OFD_GETLK = 36;

    private static final int F_OFD_SETLK = 37;
    private static final short F_RDLCK = 0;
    private static final short F_WRLCK = 1;
    private static final short F_UNLCK = 2;
    private static final int FLOCK_SIZE = 32;
    private static final short REFUSED = -1;

    private final Path path;
    private final int descriptor;

    private PosixFile(Path path, int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /** Opens a file for reading. */
    static PosixFile openToRead(Path path) throws IOException {
        return open(path, NativeCall.O_RDONLY);
    }

    /** Opens a file for locks that exclude others; nothing is ever written through it. */
    static PosixFile openToLock(Path path) throws IOException {
        return open(path, NativeCall.O_RDWR);
    }

    private static PosixFile open(Path path, int access) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeCall.state(arena);
            int descriptor;
            do {
                descriptor = (int)
                        OPEN.invokeExact(state, arena.allocateFrom(path.toString()), access | NativeCall.O_CLOEXEC);
            } while (descriptor < 0 && NativeCall.errno(state) == NativeCall.EINTR);
            if (descriptor < 0) {
                throw failure("open", path, state);
            }
            return new PosixFile(path, descriptor);
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }

    /** The name it was opened by. */
    Path path() {
        return path;
    }

    /** Reads until {@code length} bytes are there or the file ends; returns how many there are. */
    long read(MemorySegment into, long length, long position) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeCall.state(arena);
            long done = 0;
            while (done < length) {
                long n =
                        (long) PREAD.invokeExact(state, descriptor, into.asSlice(done), length - done, position + done);
                if (n == 0) {
                    break;
                }
                if (n < 0 && NativeCall.errno(state) != NativeCall.EINTR) {
                    throw failure("read", path, state);
                }
                done += Math.max(n, 0);
            }
            return done;
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }

    /** Whether another process holds a lock that a write lock on these bytes would meet. Takes nothing. */
    boolean isLockedByAnotherProcess(long start, long length) throws IOException {
        return lock(F_GETLK, F_WRLCK, start, length).type() != F_UNLCK;
    }

    /** Whether anything but this open file, in this process or another, holds a lock on these bytes. Takes nothing. */
    boolean isLockedByAnotherOpenFile(long start, long length) throws IOException {
        return lock(F_OFD_GETLK, F_WRLCK, start, length).type() != F_UNLCK;
    }

    /**
     * Whether this process holds a POSIX lock on these bytes, which is the kind that SQLite takes. The kernel reports one
     * holder only; if that is another process, the answer is false.
     */
    boolean isLockedByThisProcess(long start, long length) throws IOException {
        Lock found = lock(F_OFD_GETLK, F_WRLCK, start, length);
        return found.type() != F_UNLCK
                && found.process() == ProcessHandle.current().pid();
    }

    /** Takes a lock for this open file alone that keeps all others, SQLite in this process too, from a write lock. */
    boolean tryLockShared(long start, long length) throws IOException {
        return lock(F_OFD_SETLK, F_RDLCK, start, length).type() != REFUSED;
    }

    /** Takes a lock for this open file alone that keeps all others from any lock on these bytes. */
    boolean tryLockExclusive(long start, long length) throws IOException {
        return lock(F_OFD_SETLK, F_WRLCK, start, length).type() != REFUSED;
    }

    /** Ends the locks of this open file on these bytes. */
    void unlock(long start, long length) throws IOException {
        lock(F_OFD_SETLK, F_UNLCK, start, length);
    }

    /**
     * What the kernel gives back.
     *
     * @param type of lock, or {@link #REFUSED}
     * @param process that holds it; -1 for the lock of an open file
     */
    private record Lock(short type, int process) {}

    private Lock lock(int command, short type, long start, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeCall.state(arena);
            MemorySegment lock = arena.allocate(FLOCK_SIZE, 8);
            lock.set(JAVA_SHORT, 0, type);
            lock.set(JAVA_LONG, 8, start);
            lock.set(JAVA_LONG, 16, length);
            if ((int) FCNTL.invokeExact(state, descriptor, command, lock) != 0) {
                int error = NativeCall.errno(state);
                if (command == F_OFD_SETLK && (error == NativeCall.EAGAIN || error == NativeCall.EACCES)) {
                    return new Lock(REFUSED, -1);
                }
                throw failure("fcntl(" + command + ") on", path, state);
            }
            return new Lock(lock.get(JAVA_SHORT, 0), lock.get(JAVA_INT, 24));
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }

    /** Waits until what anybody has written to the file is on the disk. */
    void sync() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeCall.state(arena);
            if ((int) FSYNC.invokeExact(state, descriptor) != 0) {
                throw failure("fsync", path, state);
            }
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }

    /** Closes it. The caller knows that SQLite in this process no longer has the file open. */
    void close() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeCall.state(arena);
            if ((int) CLOSE.invokeExact(state, descriptor) != 0) {
                throw failure("close", path, state);
            }
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return NativeCall.find(name, type, options).orElseThrow();
    }

    private static IOException failure(String what, Path path, MemorySegment state) {
        return new IOException(path + ": cannot " + what + " it, error " + NativeCall.errno(state));
    }
}

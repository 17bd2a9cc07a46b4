package dev.runnel.sqlite;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * A file descriptor that the Java runtime does not own, so that nothing but {@link #close} closes it: no cleaner, no
 * channel. It is separate from {@code FileChannel} for that reason, and because asking who holds a lock
 * ({@code fcntl(F_GETLK)}) needs the descriptor itself; {@code tryLock} on the same file would take and then drop
 * SQLite's own locks.
 */
@SuppressWarnings("restricted")
final class PosixFile {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN =
            function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle PREAD =
            function("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FCNTL = function(
            "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FSYNC = function("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int EINTR = 4;

    /** Linux: {@code struct flock} is type, whence (shorts), start, length (longs), pid (int). */
    private static final int F_GETLK = 5;

    /** Linux: locks of this open file alone. They meet POSIX locks, also those of this process, and outlive other closes. */
    private static final int F_OFD_GETLK = 36;

    private static final int F_OFD_SETLK = 37;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;
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
        return open(path, O_RDONLY);
    }

    /** Opens a file for locks that exclude others; nothing is ever written through it. */
    static PosixFile openToLock(Path path) throws IOException {
        return open(path, O_RDWR);
    }

    private static PosixFile open(Path path, int access) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            int descriptor;
            do {
                descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(path.toString()), access | O_CLOEXEC);
            } while (descriptor < 0 && errno(state) == EINTR);
            if (descriptor < 0) {
                throw failure("open", path, state);
            }
            return new PosixFile(path, descriptor);
        } catch (Throwable e) {
            throw asIoException(e);
        }
    }

    /** The name it was opened by. */
    Path path() {
        return path;
    }

    /** Reads until {@code length} bytes are there or the file ends; returns how many there are. */
    long read(MemorySegment into, long length, long position) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            long done = 0;
            while (done < length) {
                long n =
                        (long) PREAD.invokeExact(state, descriptor, into.asSlice(done), length - done, position + done);
                if (n == 0) {
                    break;
                }
                if (n < 0 && errno(state) != EINTR) {
                    throw failure("read", path, state);
                }
                done += Math.max(n, 0);
            }
            return done;
        } catch (Throwable e) {
            throw asIoException(e);
        }
    }

    /** Whether another process holds a lock that a write lock on these bytes would meet. Takes nothing. */
    boolean isLockedByAnotherProcess(long start, long length) throws IOException {
        return lock(F_GETLK, F_WRLCK, start, length) != F_UNLCK;
    }

    /** Whether anything but this open file, in this process or another, holds a lock on these bytes. Takes nothing. */
    boolean isLockedByAnotherOpenFile(long start, long length) throws IOException {
        return lock(F_OFD_GETLK, F_WRLCK, start, length) != F_UNLCK;
    }

    /** Takes a lock for this open file alone that keeps everybody else, SQLite in this process too, from a write lock. */
    boolean tryLockShared(long start, long length) throws IOException {
        return lock(F_OFD_SETLK, F_RDLCK, start, length) != REFUSED;
    }

    /** Takes a lock for this open file alone that keeps everybody else from any lock on these bytes. */
    boolean tryLockExclusive(long start, long length) throws IOException {
        return lock(F_OFD_SETLK, F_WRLCK, start, length) != REFUSED;
    }

    /** Ends the locks of this open file on these bytes. */
    void unlock(long start, long length) throws IOException {
        lock(F_OFD_SETLK, F_UNLCK, start, length);
    }

    /** The type of lock that the kernel gives back, or {@link #REFUSED}. */
    private short lock(int command, short type, long start, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            MemorySegment lock = arena.allocate(FLOCK_SIZE, 8);
            lock.set(JAVA_SHORT, 0, type);
            lock.set(JAVA_LONG, 8, start);
            lock.set(JAVA_LONG, 16, length);
            if ((int) FCNTL.invokeExact(state, descriptor, command, lock) != 0) {
                int error = errno(state);
                if (command == F_OFD_SETLK && (error == EAGAIN || error == EACCES)) {
                    return REFUSED;
                }
                throw failure("fcntl(" + command + ") on", path, state);
            }
            return lock.get(JAVA_SHORT, 0);
        } catch (Throwable e) {
            throw asIoException(e);
        }
    }

    /** Waits until what anybody has written to the file is on the disk. */
    void sync() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            if ((int) FSYNC.invokeExact(state, descriptor) != 0) {
                throw failure("fsync", path, state);
            }
        } catch (Throwable e) {
            throw asIoException(e);
        }
    }

    /** Closes it. Whoever calls this knows that SQLite in this process has the file no longer open. */
    void close() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            if ((int) CLOSE.invokeExact(state, descriptor) != 0) {
                throw failure("close", path, state);
            }
        } catch (Throwable e) {
            throw asIoException(e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, all);
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static IOException failure(String what, Path path, MemorySegment state) {
        return new IOException(path + ": cannot " + what + " it, error " + errno(state));
    }

    private static IOException asIoException(Throwable e) {
        return switch (e) {
            case IOException io -> io;
            case RuntimeException runtime -> throw runtime;
            case Error error -> throw error;
            default -> new IOException(e);
        };
    }
}

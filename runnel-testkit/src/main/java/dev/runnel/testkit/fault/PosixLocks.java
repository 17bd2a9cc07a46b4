package dev.runnel.testkit.fault;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Asks the kernel who holds a POSIX lock on a range of a file, without taking one ({@code fcntl} with {@code F_GETLK}, 64
 * bit Linux). Locks of the asking process are invisible to it, and closing the file drops them: for child processes only.
 */
@SuppressWarnings("restricted")
final class PosixLocks implements AutoCloseable {
    private static final int F_GETLK = 5;
    private static final short WRITE_LOCK = 1;
    private static final short UNLOCKED = 2;
    private static final int TYPE = 0;
    private static final int START = 8;
    private static final int LENGTH = 16;
    private static final int PID = 24;
    private static final int STRUCT_SIZE = 32;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment flock = arena.allocate(STRUCT_SIZE, 8);
    private final MethodHandle fcntl;
    private final MethodHandle close;
    private final int descriptor;

    private PosixLocks(Path file) {
        Linker linker = Linker.nativeLinker();
        fcntl = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("fcntl"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
        MethodHandle open = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("open"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        close = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("close"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            descriptor = (int) open.invokeExact(arena.allocateFrom(file.toString()), 0);
        } catch (Throwable e) {
            throw new IllegalStateException("open", e);
        }
    }

    static PosixLocks open(Path file) {
        return new PosixLocks(file);
    }

    /** Who stands in the way of a write lock on the range. Of several holders the kernel names one. */
    Optional<Holder> holder(long start, long length) {
        if (descriptor < 0) {
            return Optional.empty();
        }
        flock.fill((byte) 0);
        flock.set(ValueLayout.JAVA_SHORT, TYPE, WRITE_LOCK);
        flock.set(ValueLayout.JAVA_LONG, START, start);
        flock.set(ValueLayout.JAVA_LONG, LENGTH, length);
        try {
            int status = (int) fcntl.invokeExact(descriptor, F_GETLK, flock);
            if (status != 0) {
                throw new IllegalStateException("fcntl(F_GETLK) failed");
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("fcntl", e);
        }
        short type = flock.get(ValueLayout.JAVA_SHORT, TYPE);
        return type == UNLOCKED
                ? Optional.empty()
                : Optional.of(new Holder(flock.get(ValueLayout.JAVA_INT, PID), type == WRITE_LOCK));
    }

    @Override
    public void close() {
        arena.close();
        try {
            int status = descriptor < 0 ? 0 : (int) close.invokeExact(descriptor);
            if (status != 0) {
                throw new IllegalStateException("close failed");
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("close", e);
        }
    }

    record Holder(int pid, boolean exclusive) {}
}

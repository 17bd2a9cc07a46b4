package dev.runnel.platform;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/** Calls of the C library that Java does not offer, with the error number that they leave. */
@SuppressWarnings("restricted")
public final class NativeCall {
    public static final int EPERM = 1;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int EDQUOT = 122;

    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_CLOEXEC = 0x80000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private NativeCall() {}

    /**
     * A function that captures the error number: its first argument is memory from {@link #state}. Empty if this system has
     * no such function.
     */
    public static Optional<MethodHandle> find(String name, FunctionDescriptor type, Linker.Option... options) {
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        return LINKER.defaultLookup().find(name).map(address -> LINKER.downcallHandle(address, type, all));
    }

    /** Whether the constants of this class, which are those of Linux, may be used. */
    public static boolean isLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    /** Memory for the error number. */
    public static MemorySegment state(Arena arena) {
        return arena.allocate(CAPTURED);
    }

    /** The error number that the call left. */
    public static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }
}

package dev.runnel.sqlite;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.runnel.platform.Causes;
import dev.runnel.platform.NativeCall;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The file system that a file is on. The kernel tells its kind for every file; the table of mounts, which has more exact
 * names, may lack it, as in a chroot.
 *
 * @param kind its kind as {@code statfs} gives it, on 64-bit Linux
 * @param mountedAs its type in the table of mounts, lower case
 */
public record FileSystem(long kind, Optional<String> mountedAs, boolean isReadOnly) {
    /** {@code f_type} of every file system in user space. */
    public static final long FUSE = 0x65735546L;

    private static final Map<Long, String> REMOTE = Map.ofEntries(
            Map.entry(0x6969L, "nfs"),
            Map.entry(0x517BL, "smb"),
            Map.entry(0xFF534D42L, "cifs"),
            Map.entry(0xFE534D42L, "smb2"),
            Map.entry(0x01021997L, "9p"),
            Map.entry(0x5346414FL, "afs"),
            Map.entry(0x6B414653L, "afs"),
            Map.entry(0x00C36400L, "ceph"),
            Map.entry(0x0BD00BD0L, "lustre"),
            Map.entry(0x73757245L, "coda"),
            Map.entry(0x786F4256L, "vboxsf"));

    private static final MethodHandle STATFS = NativeCall.find(
                    "statfs", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS))
            .orElseThrow();

    /** 64-bit Linux: {@code f_type} is the first field, {@code f_flags} the eleventh, of eight bytes each. */
    private static final int STATFS_SIZE = 256;

    private static final int FLAGS = 80;
    private static final long READ_ONLY = 1;
    private static final long KIND = 0xffffffffL;

    /** The file system of a file that exists. */
    public static FileSystem of(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = arena.allocate(STATFS_SIZE, 8);
            MemorySegment state = NativeCall.state(arena);
            if ((int) STATFS.invokeExact(state, arena.allocateFrom(file.toString()), found) != 0) {
                throw new IOException(file + ": statfs fails, error " + NativeCall.errno(state));
            }
            return new FileSystem(
                    found.get(JAVA_LONG, 0) & KIND, mountedAs(file), (found.get(JAVA_LONG, FLAGS) & READ_ONLY) != 0);
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }

    private static Optional<String> mountedAs(Path file) {
        try {
            return Optional.of(Files.getFileStore(file).type().toLowerCase(Locale.ROOT));
        } catch (IOException e) {
            // "Mount point not found": this program's root is not the root of any mount.
            return Optional.empty();
        }
    }

    /** What it is called if its content may be changed by another machine at the same time. */
    public Optional<String> remoteName() {
        return Optional.ofNullable(REMOTE.get(kind));
    }
}

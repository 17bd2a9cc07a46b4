package dev.runnel.platform;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the names in a folder durable. Some file systems (SMB, some FUSE) have no such operation: a power cut may then
 * undo the newest names, and nothing but another file system helps. That is logged once for each folder, and work
 * continues. An error of the disk is an error.
 */
final class FolderSync {
    private static final Logger LOG = LoggerFactory.getLogger(FolderSync.class);
    private static final Set<Integer> DISK_ERRORS =
            Set.of(NativeCall.EIO, NativeCall.ENOSPC, NativeCall.EDQUOT, NativeCall.EROFS);
    private static final Optional<MethodHandle> OPEN = NativeCall.find(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final Optional<MethodHandle> FSYNC =
            NativeCall.find("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final Optional<MethodHandle> CLOSE =
            NativeCall.find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    /** More folders than this are not remembered, so that memory does not grow; they are logged again. */
    private static final int MOST_REMEMBERED = 1000;

    private static final Set<Path> SAID = ConcurrentHashMap.newKeySet();

    private FolderSync() {}

    static void sync(Path folder) throws IOException {
        if (!NativeCall.isLinux() || OPEN.isEmpty() || FSYNC.isEmpty() || CLOSE.isEmpty()) {
            syncByChannel(folder);
            return;
        }
        int error = errorOfSync(folder, OPEN.get(), FSYNC.get(), CLOSE.get());
        if (error == 0) {
            return;
        }
        if (DISK_ERRORS.contains(error)) {
            throw new IOException(folder + ": fsync of the folder failed with error " + error);
        }
        if (SAID.size() < MOST_REMEMBERED && SAID.add(folder)) {
            LOG.warn(
                    "{}: this file system cannot sync a folder (error {}). What Runnel writes there is complete, but a power"
                            + " cut may lose the newest files. No action needed, unless the folder must"
                            + " survive power cuts: then use a local file system.",
                    folder,
                    error);
        }
    }

    private static void syncByChannel(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The error number, or 0. */
    private static int errorOfSync(Path folder, MethodHandle open, MethodHandle fsync, MethodHandle close)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeCall.state(arena);
            int descriptor = (int) open.invokeExact(
                    state, arena.allocateFrom(folder.toString()), NativeCall.O_RDONLY | NativeCall.O_CLOEXEC);
            if (descriptor < 0) {
                int error = NativeCall.errno(state);
                if (error != NativeCall.EACCES) {
                    syncByChannel(folder);
                    return 0;
                }
                return error;
            }
            int error = (int) fsync.invokeExact(state, descriptor) == 0 ? 0 : NativeCall.errno(state);
            int _ = (int) close.invokeExact(state, descriptor);
            return error;
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }
}

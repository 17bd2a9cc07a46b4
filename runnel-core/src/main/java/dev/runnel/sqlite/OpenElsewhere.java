package dev.runnel.sqlite;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.runnel.platform.Causes;
import dev.runnel.platform.NativeCall;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whether a process has a file open, also one that holds no lock on it: a connection to a database in rollback
 * mode has none between transactions. Linux gives a lease on a file only if no other descriptor of it is open anywhere on
 * this machine, other containers included. Only the owner of a file and root may ask for one; without it, the processes that
 * {@code /proc} shows are searched.
 */
final class OpenElsewhere {
    private static final Path PROCESSES = Path.of("/proc");
    private static final int F_SETSIG = 10;
    private static final int F_SETLEASE = 1024;
    private static final int F_WRLCK = 1;
    private static final int F_UNLCK = 2;

    /**
     * Opening the file during the lease makes Linux send a signal; this one is ignored. The usual one ends a process.
     */
    private static final int SIGURG = 23;

    private static final Optional<MethodHandle> OPEN = NativeCall.find(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final Optional<MethodHandle> FCNTL = NativeCall.find(
            "fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final Optional<MethodHandle> CLOSE =
            NativeCall.find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private OpenElsewhere() {}

    /** Whether this process has one of these files open. Then another descriptor of it must not be opened and closed here. */
    static boolean isOpenHere(List<FileIdentity> files) throws IOException {
        return isOpenIn(PROCESSES.resolve("self"), files);
    }

    /**
     * A process that has the file open, in words; empty if there is none that can be seen. This process must not have it
     * open.
     *
     * @param files the file, and those beside it that a process with a connection may have open
     */
    static Optional<String> holder(Path file, List<FileIdentity> files) throws IOException {
        List<String> found = processes(files);
        if (!found.isEmpty()) {
            return Optional.of(String.join(", ", found));
        }
        return isLeaseRefused(file) ? Optional.of("a process that this one cannot see") : Optional.empty();
    }

    private static List<String> processes(List<FileIdentity> files) throws IOException {
        List<String> found = new ArrayList<>();
        if (!Files.isDirectory(PROCESSES)) {
            return found;
        }
        long me = ProcessHandle.current().pid();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                String number = String.valueOf(process.getFileName());
                if (!number.equals(Long.toString(me)) && isOpenIn(process, files)) {
                    found.add("process " + number + nameOf(process));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /** False also for a process that has ended, or whose files this user may not see. */
    private static boolean isOpenIn(Path process, List<FileIdentity> files) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (isOneOf(descriptor, files)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            return false;
        }
        return false;
    }

    private static boolean isOneOf(Path descriptor, List<FileIdentity> files) {
        try {
            FileIdentity open = FileIdentity.of(descriptor);
            return files.stream().anyMatch(open::isSameFile);
        } catch (IOException _) {
            return false;
        }
    }

    private static String nameOf(Path process) {
        try {
            byte[] name = Files.readAllBytes(process.resolve("comm"));
            return " (" + new String(name, StandardCharsets.UTF_8).strip() + ")";
        } catch (IOException _) {
            return "";
        }
    }

    /** False also where there are no leases, or this user may not have one. */
    private static boolean isLeaseRefused(Path file) throws IOException {
        if (!NativeCall.isLinux() || OPEN.isEmpty() || FCNTL.isEmpty() || CLOSE.isEmpty()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeCall.state(arena);
            int descriptor = (int) OPEN.get()
                    .invokeExact(
                            state, arena.allocateFrom(file.toString()), NativeCall.O_RDONLY | NativeCall.O_CLOEXEC);
            if (descriptor < 0) {
                return false;
            }
            boolean refused = false;
            if ((int) FCNTL.get().invokeExact(state, descriptor, F_SETSIG, SIGURG) == 0) {
                int result = (int) FCNTL.get().invokeExact(state, descriptor, F_SETLEASE, F_WRLCK);
                refused = result != 0 && NativeCall.errno(state) == NativeCall.EAGAIN;
                int _ = (int) FCNTL.get().invokeExact(state, descriptor, F_SETLEASE, F_UNLCK);
            }
            int _ = (int) CLOSE.get().invokeExact(state, descriptor);
            return refused;
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }
}

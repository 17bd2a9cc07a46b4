package dev.runnel.cli.supervision;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.runnel.platform.Causes;
import dev.runnel.platform.NativeCall;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the exit statuses of orphans. The first process of a container becomes the parent of every process whose own parent
 * has ended, and what no parent asks about stays in the table of processes until that is full.
 *
 * <p>Java waits for the application itself, so its status must not be taken from under it: each process that has ended is first
 * only looked at ({@code WNOWAIT}), and taken by its number, if that is not the number of the application.
 */
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long FIRST_PROCESS = 1;

    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;

    /** Of {@code siginfo_t}, as 64-bit Linux has it. */
    private static final int INFO_SIZE = 128;

    private static final int PID_OFFSET = 16;

    private static final Optional<MethodHandle> WAITID =
            NativeCall.find("waitid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    private final long application;

    private Orphans(long application) {
        this.application = application;
    }

    /**
     * Begins with it, if this is the first process of the system or container.
     *
     * @param application the only child of this process that Java has started and waits for
     */
    static void reapAsFirstProcess(long application) {
        boolean is64Bit = ADDRESS.byteSize() == Long.BYTES;
        if (ProcessHandle.current().pid() == FIRST_PROCESS && NativeCall.isLinux() && is64Bit) {
            Thread.ofPlatform().daemon().name("orphans").start(new Orphans(application)::run);
        }
    }

    private void run() {
        try {
            while (true) {
                if (!reapOne()) {
                    Thread.sleep(PAUSE);
                }
            }
        } catch (IOException e) {
            LOG.warn("orphaned processes stay as zombies from now on: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes the status of one orphan that has ended; false if there is none, or if the application is in front of it. */
    private boolean reapOne() throws IOException {
        int ended = waitFor(P_ALL, 0, WNOWAIT);
        if (ended == 0 || ended == application) {
            return false;
        }
        return waitFor(P_PID, ended, 0) == ended;
    }

    /** The number of a process that has ended, or 0. */
    private static int waitFor(int kind, int pid, int more) throws IOException {
        if (WAITID.isEmpty()) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(INFO_SIZE, Long.BYTES);
            MemorySegment state = NativeCall.state(arena);
            int result = (int) WAITID.get().invokeExact(state, kind, pid, info, WEXITED | WNOHANG | more);
            // With an error there is no child at all.
            return result == 0 ? info.get(JAVA_INT, PID_OFFSET) : 0;
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }
}

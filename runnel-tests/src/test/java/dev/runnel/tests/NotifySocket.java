package dev.runnel.tests;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The end of systemd of a notification socket: datagrams, which Java does not receive from a Unix socket. */
@SuppressWarnings("restricted")
final class NotifySocket implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int LONGEST = 1000;
    private static final MethodHandle SOCKET =
            find("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND = find("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle RECEIVE =
            find("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE = find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final int socket;
    private final List<String> received = new ArrayList<>();

    /** @param address a path, or a name in the abstract namespace with {@code @} in front */
    NotifySocket(String address) {
        try (Arena arena = Arena.ofConfined()) {
            socket = (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            byte[] path = address.getBytes(StandardCharsets.UTF_8);
            if (path[0] == '@') {
                path[0] = 0;
            }
            MemorySegment name = arena.allocate(2L + path.length, 2);
            name.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, name, JAVA_BYTE, 2, path.length);
            if ((int) BIND.invokeExact(socket, name, (int) name.byteSize()) != 0) {
                throw new AssertionError("bind " + address);
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MethodHandle find(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
    }

    /** All that has arrived by now. */
    List<String> received() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LONGEST);
            while (true) {
                long length = (long) RECEIVE.invokeExact(socket, buffer, (long) LONGEST, MSG_DONTWAIT);
                if (length < 0) {
                    return List.copyOf(received);
                }
                received.add(new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8));
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            int _ = (int) CLOSE.invokeExact(socket);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}

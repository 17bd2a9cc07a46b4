package dev.runnel.cli.supervision;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.runnel.platform.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is doing, at the socket that {@code $NOTIFY_SOCKET} names, as {@code sd_notify(3)} does. Says
 * nothing where there is none. A message that is not delivered is no reason to do anything else than to continue.
 */
public final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 0x80002;
    private static final int MSG_DONTWAIT_NOSIGNAL = 0x4040;
    private static final int FAMILY_SIZE = 2;
    private static final int LONGEST_PATH = 107;

    private final Optional<byte[]> address;

    /** The functions are looked up only where there is somebody to tell. */
    private static final class Functions {
        private static final Optional<MethodHandle> SOCKET =
                NativeCall.find("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        private static final Optional<MethodHandle> SEND = NativeCall.find(
                "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        private static final Optional<MethodHandle> CLOSE =
                NativeCall.find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private ServiceManager(Optional<byte[]> address) {
        this.address = address;
    }

    /** The one that has started this process, if one has. */
    public static ServiceManager of(Map<String, String> environment) {
        byte[] path = environment.getOrDefault("NOTIFY_SOCKET", "").getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length > LONGEST_PATH || !NativeCall.isLinux()) {
            return new ServiceManager(Optional.empty());
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
        return new ServiceManager(Optional.of(path));
    }

    /** Databases are followed. */
    public void ready() {
        send("READY=1");
    }

    /** It is alive; asked for by {@code WatchdogSec}. */
    public void alive() {
        send("WATCHDOG=1");
    }

    /** A last sync is being done. */
    public void stopping() {
        send("STOPPING=1");
    }

    /** What {@code systemctl status} shows; one line, which is made only if somebody is there to read it. */
    public void status(Supplier<String> text) {
        if (address.isPresent()) {
            send("STATUS=" + text.get());
        }
    }

    private void send(String message) {
        address.ifPresent(path -> {
            int error = send(path, message.getBytes(StandardCharsets.UTF_8));
            if (error != 0) {
                LOG.debug("systemd was not told {}: error {}", message, error);
            }
        });
    }

    /** The error number, or 0. */
    private static int send(byte[] path, byte[] message) {
        MethodHandle open = Functions.SOCKET.orElseThrow();
        MethodHandle send = Functions.SEND.orElseThrow();
        MethodHandle close = Functions.CLOSE.orElseThrow();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeCall.state(arena);
            int socket = (int) open.invokeExact(state, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            if (socket < 0) {
                return NativeCall.errno(state);
            }
            MemorySegment to = arena.allocate(FAMILY_SIZE + path.length, FAMILY_SIZE);
            to.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, to, JAVA_BYTE, FAMILY_SIZE, path.length);
            long sent = (long) send.invokeExact(
                    state,
                    socket,
                    arena.allocateFrom(JAVA_BYTE, message),
                    (long) message.length,
                    MSG_DONTWAIT_NOSIGNAL,
                    to,
                    (int) to.byteSize());
            int error = sent < 0 ? NativeCall.errno(state) : 0;
            int _ = (int) close.invokeExact(state, socket);
            return error;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.runnel.cli.supervision;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.runnel.platform.Causes;
import dev.runnel.platform.NativeCall;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A signal of the system, to listen to and to send.
 *
 * <p>Calls {@code sun.misc.Signal}, which is there to be used and has no successor. By reflection, because the compiler warns
 * of its name wherever it stands, and that warning cannot be switched off.
 *
 * @param name without SIG, such as {@code TERM}
 * @param number what this system calls it
 */
public record ProcessSignal(String name, int number) {
    private static final Optional<MethodHandle> KILL =
            NativeCall.find("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    /** The signal of a name. */
    public static ProcessSignal of(String name) {
        try {
            Object signal = named(name);
            return new ProcessSignal(
                    name, (int) signal.getClass().getMethod("getNumber").invoke(signal));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no signal " + name, e);
        }
    }

    private static Object named(String name) throws ReflectiveOperationException {
        return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
    }

    /** Calls the action whenever the signal comes, in place of what Java does then. */
    public void listen(Consumer<ProcessSignal> action) {
        try {
            Object signal = named(name);
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object calling = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
                action.accept(this);
                return null;
            });
            signal.getClass().getMethod("handle", signal.getClass(), handler).invoke(null, signal, calling);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java cannot receive signals", e);
        }
    }

    /** Sends it to a process. */
    void send(long pid) throws IOException {
        MethodHandle kill = KILL.orElseThrow(() -> new IOException("this system has no function \"kill\""));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeCall.state(arena);
            if ((int) kill.invokeExact(state, Math.toIntExact(pid), number) != 0) {
                throw new IOException("the system reports error " + NativeCall.errno(state));
            }
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }
}

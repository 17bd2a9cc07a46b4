package dev.runnel.platform;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Extended attributes of all name spaces, as Linux has them; Java offers those of users only. */
final class ExtendedAttributes {
    /** Linux allows no more for the names of one file, and none for one value. */
    private static final int LARGEST = 65_536;

    private static final Optional<MethodHandle> LIST =
            NativeCall.find("listxattr", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG));
    private static final Optional<MethodHandle> GET =
            NativeCall.find("getxattr", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    private static final Optional<MethodHandle> SET = NativeCall.find(
            "setxattr", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT));

    private ExtendedAttributes() {}

    /** Those that can be read; none where the file system has none. */
    static Map<String, byte[]> of(Path file) throws IOException {
        if (!NativeCall.isLinux() || LIST.isEmpty() || GET.isEmpty()) {
            return Map.of();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeCall.state(arena);
            MemorySegment path = arena.allocateFrom(file.toString());
            MemorySegment buffer = arena.allocate(LARGEST);
            long size = (long) LIST.get().invokeExact(state, path, buffer, (long) LARGEST);
            Map<String, byte[]> found = new LinkedHashMap<>();
            for (String name : names(buffer, Math.max(0, size))) {
                long length =
                        (long) GET.get().invokeExact(state, path, arena.allocateFrom(name), buffer, (long) LARGEST);
                if (length >= 0) {
                    found.put(name, buffer.asSlice(0, length).toArray(JAVA_BYTE));
                }
            }
            return found;
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }

    private static String[] names(MemorySegment buffer, long size) {
        String text = new String(buffer.asSlice(0, size).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        return Arrays.stream(text.split("\0", -1))
                .filter(name -> !name.isEmpty())
                .toArray(String[]::new);
    }

    /** Sets one; false if that is not possible. One that has the value already is not set again. */
    static boolean set(Path file, String name, byte[] value) throws IOException {
        if (Arrays.equals(of(file).get(name), value)) {
            return true;
        }
        if (SET.isEmpty()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, content, JAVA_BYTE, 0, value.length);
            return (int) SET.get()
                            .invokeExact(
                                    NativeCall.state(arena),
                                    arena.allocateFrom(file.toString()),
                                    arena.allocateFrom(name),
                                    content,
                                    (long) value.length,
                                    0)
                    == 0;
        } catch (Throwable e) {
            throw Causes.asIoException(e);
        }
    }
}

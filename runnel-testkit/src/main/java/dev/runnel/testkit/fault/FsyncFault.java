package dev.runnel.testkit.fault;

import dev.runnel.testkit.process.Child;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Makes a writer die, or its fsync of the WAL fail, at the one instant that matters: its commit frame is in the WAL and
 * the wal-index does not say so yet, so that the commit never happened. The writer is a program that SQLite was linked
 * into, such as sqlite3, with {@code synchronous=FULL} and {@link #environment} in its environment; the fault comes with
 * its first fsync of the WAL after {@link #arm}.
 *
 * <p>The fault is a shared library that is compiled on the spot from {@code fsync_fault.c}.
 */
public final class FsyncFault {
    private static final Duration COMPILE_LIMIT = Duration.ofMinutes(1);

    private final Path library;
    private final Path arm;
    private final Kind kind;

    private FsyncFault(Path library, Path arm, Kind kind) {
        this.library = library;
        this.arm = arm;
        this.kind = kind;
    }

    /** What happens instead of the fsync. */
    public enum Kind {
        /** The process is killed. */
        KILL,
        /** The call fails with EIO; the process lives on. */
        EIO
    }

    /** Skips the test that calls it, with a line that says why, where there is no Linux or no C compiler. */
    public static void assumePossible() {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux"), "skipped: fsync faults are injected on Linux only");
        Assumptions.assumeTrue(compiler().isPresent(), "skipped: no C compiler (cc) to build the fsync fault with");
    }

    /** Compiles the library into a folder of the test's. */
    public static FsyncFault compile(Path folder, Kind kind) {
        String compiler = compiler()
                .orElseThrow(() -> new IllegalStateException("no cc on the PATH"))
                .toString();
        Path source = folder.resolve("fsync_fault.c");
        Path library = folder.resolve("fsync_fault.so");
        try (InputStream text = Optional.ofNullable(FsyncFault.class.getResourceAsStream("fsync_fault.c"))
                .orElseThrow(() -> new IllegalStateException("fsync_fault.c is not on the class path"))) {
            Files.write(source, text.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Child.run(
                COMPILE_LIMIT,
                List.of(compiler, "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl"));
        return new FsyncFault(library, folder.resolve("fsync_fault.armed"), kind);
    }

    /** What the writer's process must have in its environment. */
    public Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FSYNC_FAULT",
                kind.name().toLowerCase(Locale.ROOT),
                "FSYNC_FAULT_ARM",
                arm.toString(),
                "FSYNC_FAULT_AT",
                "1");
    }

    /** From now on the next fsync of a WAL by the writer is the one that fails. */
    public void arm() {
        try {
            Files.createFile(arm);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> compiler() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "cc"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

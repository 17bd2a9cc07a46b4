package dev.runnel.tests;

import dev.runnel.testkit.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Restores with the command line, each into a file of its own. */
final class Restores {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final List<String> source;
    private final Path folder;
    private final AtomicInteger count = new AtomicInteger();

    private Restores(List<String> source, Path folder) {
        this.source = List.copyOf(source);
        this.folder = folder;
    }

    /** From a replica in a folder. */
    Restores(Path replica, Path folder) {
        this(List.of(RunnelCommand.url(replica)), folder);
    }

    /** Of a database in a configuration file. */
    static Restores configured(Path config, Path database) {
        return new Restores(List.of("-config", config.toString(), database.toString()), database.resolveSibling(""));
    }

    /** The newest state. */
    Path latest() {
        return restore();
    }

    /** The state as of one TXID. */
    Path at(long txid) {
        return restore("-txid", String.format("%016x", txid));
    }

    /** The state as of a time. */
    Path at(Instant time) {
        return restore("-timestamp", time.toString());
    }

    private Path restore(String... flags) {
        Path output = folder.resolve("restored-" + count.incrementAndGet() + ".db");
        List<String> arguments = new ArrayList<>(List.of("restore", "-o", output.toString()));
        arguments.addAll(List.of(flags));
        arguments.addAll(source);
        try (Child child = Child.start(RunnelCommand.of(arguments.toArray(String[]::new)), Map.of())) {
            int status = child.awaitExit(LIMIT);
            if (status != 0) {
                discard(output);
                throw new AssertionError("restore ended with status " + status + ": " + child.transcript());
            }
            return output;
        }
    }

    /** Removes a restored file, so that many restores do not fill the disk. */
    static void discard(Path restored) {
        try {
            Files.deleteIfExists(restored);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

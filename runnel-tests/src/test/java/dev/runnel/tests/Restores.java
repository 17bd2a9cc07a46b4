package dev.runnel.tests;

import dev.runnel.testkit.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Restores with the command line, each into a file of its own. */
final class Restores {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Path replica;
    private final Path folder;
    private final AtomicInteger count = new AtomicInteger();

    Restores(Path replica, Path folder) {
        this.replica = replica;
        this.folder = folder;
    }

    /** The newest state. */
    Path latest() {
        return restore();
    }

    /** The state as of one TXID. */
    Path at(long txid) {
        return restore("-txid", String.format("%016x", txid));
    }

    private Path restore(String... flags) {
        Path output = folder.resolve("restored-" + count.incrementAndGet() + ".db");
        List<String> arguments = new ArrayList<>(List.of("restore", "-o", output.toString()));
        arguments.addAll(List.of(flags));
        arguments.add(RunnelCommand.url(replica));
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

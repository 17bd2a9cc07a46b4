package dev.runnel.cli.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The running {@code runnel replicate}. */
record Replicator(Process process) implements Closeable {
    static Replicator start(OwnProgram program, Path folder, Path log) throws IOException {
        return new Replicator(program.prepare(folder, List.of("replicate", "demo.db", "replica"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    /** Kills it, as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

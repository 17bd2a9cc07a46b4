package dev.runnel.cli.demo;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The running application, and what it has said of its commits. */
final class Application implements Closeable {
    private final Process process;
    private final Thread listener;
    private volatile Committed last = new Committed(0, Instant.EPOCH);

    /** The newest order that the application knows to be committed. */
    record Committed(long orders, Instant time) {}

    private Application(Process process) {
        this.process = process;
        this.listener = Thread.ofPlatform().daemon().name("application").start(this::listen);
    }

    static Application start(OwnProgram program, Path folder, Path errors) throws IOException {
        return new Application(program.prepare(folder, List.of("demo-application", "demo.db"))
                .redirectError(errors.toFile())
                .start());
    }

    Committed last() {
        return last;
    }

    /** Kills it, as {@code kill -9} does, and gives what it had committed. */
    Committed kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        listener.join(TimeUnit.SECONDS.toMillis(5));
        return last;
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    last = new Committed(
                            Long.parseLong(line.substring(0, space)),
                            Instant.ofEpochMilli(Long.parseLong(line.substring(space + 1))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

package dev.runnel.cli.demo;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder for everything the demo makes; gone with all of it when it is closed. */
record DemoFolder(Path path) implements Closeable {
    static DemoFolder create() throws IOException {
        return new DemoFolder(Files.createTempDirectory("runnel-demo-"));
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Deletes the database and everything that belongs to it on this machine, as the loss of a disk does. */
    void deleteDatabase() throws IOException {
        for (String name : new String[] {"demo.db", "demo.db-wal", "demo.db-shm", ".demo.db-runnel"}) {
            delete(path.resolve(name));
        }
    }

    @Override
    public void close() throws IOException {
        delete(path);
    }

    private static void delete(Path top) throws IOException {
        if (!Files.exists(top)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(top)) {
            tree.sorted(Comparator.reverseOrder()).forEach(DemoFolder::deleteOne);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.runnel.restore;

import dev.runnel.platform.Disk;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files that SQLite keeps beside a database. */
record Sidecars(Disk disk, Path database) {
    Path wal() {
        return named("-wal");
    }

    Path index() {
        return named("-shm");
    }

    Path journal() {
        return named("-journal");
    }

    private Path named(String suffix) {
        return database.resolveSibling(database.getFileName() + suffix);
    }

    List<Path> all() {
        return List.of(wal(), index(), journal());
    }

    /** The first of them that is there. */
    Optional<Path> any() throws IOException {
        for (Path path : all()) {
            if (disk.stat(path).isPresent()) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    /** Those that may hold part of the database: committed changes in the WAL, or what a journal would roll back. */
    List<Path> withContent() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path path : List.of(wal(), journal())) {
            if (disk.stat(path).map(FileInfo::size).orElse(0L) > 0) {
                found.add(path);
            }
        }
        return found;
    }

    /** Deletes them, the WAL last: as long as it is there, SQLite prefers what it holds to what the others say. */
    void delete() throws IOException {
        disk.delete(journal());
        disk.delete(index());
        disk.delete(wal());
    }
}

package dev.runnel.cli.output;

import dev.runnel.sqlite.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sizes of files in bytes, for those who look from outside; 0 where there is no file now. */
public final class FileSize {
    private FileSize() {}

    public static long of(Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            return 0;
        }
    }

    /** Of the WAL of a database. */
    public static long ofWal(Path database) {
        return of(SourceFiles.walPath(database));
    }
}

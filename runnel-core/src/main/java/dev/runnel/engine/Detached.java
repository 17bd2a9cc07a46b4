package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.log.SourcePosition;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A database that is not attached. */
final class Detached {
    private Detached() {}

    /** Whether it is not just as Runnel left it, or an application has it open. */
    static boolean isTouched(Disk disk, Path database, LocalHistory known) throws IOException {
        return disk.stat(SourceFiles.walPath(database)).isPresent() || !isAsLeft(database, known);
    }

    private static boolean isAsLeft(Path database, LocalHistory known) throws IOException {
        Optional<SourcePosition> left = known.position();
        try {
            return left.isPresent()
                    && FileIdentity.of(database).isUntouchedSince(left.get().database());
        } catch (NoSuchFileException _) {
            return false;
        }
    }
}

package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.log.SourcePosition;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.DatabaseName;
import dev.runnel.sqlite.FileIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A database that Runnel holds nothing of. For the disk lane.
 *
 * @param path the configured name
 */
record DetachedDatabase(Path path, Disk disk) {
    /** Whether nothing was done to it since it was detached: the file is as recorded, and no WAL is there. Two stats. */
    boolean isAsLeft(LocalHistory known) throws IOException {
        Optional<SourcePosition> left = known.position();
        Optional<FileIdentity> now = FileIdentity.ifThere(path);
        return left.isPresent()
                && now.isPresent()
                && now.get().isUntouchedSince(left.get().database())
                && disk.stat(DatabaseName.resolveIfThere(path).wal()).isEmpty();
    }
}

package dev.runnel.log;

import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.WalPosition;
import java.util.Optional;

/**
 * Where in the database's files a change set ended.
 *
 * @param wal the last captured frame; empty if everything was in the database file, and no frame had to be backfilled
 * @param database the database file when the change set was closed
 */
public record SourcePosition(Optional<WalPosition> wal, FileIdentity database) {
    /** Beside no file does anything follow from it. */
    public static final SourcePosition UNKNOWN = new SourcePosition(Optional.empty(), new FileIdentity(0, 0, 0, 0));
}

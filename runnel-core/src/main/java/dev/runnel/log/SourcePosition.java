package dev.runnel.log;

import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.WalPosition;
import java.util.Optional;

/**
 * Where in the database's files a change set ended.
 *
 * @param wal the last captured frame, empty if the WAL held none
 * @param database the database file when the change set was closed
 */
public record SourcePosition(Optional<WalPosition> wal, FileIdentity database) {}

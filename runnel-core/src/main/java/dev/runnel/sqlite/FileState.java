package dev.runnel.sqlite;

/**
 * What distinguishes one committed state of a database in rollback mode from another, if it was read under a SHARED
 * lock. SQLite counts the transactions that others may see in the header; what does not go through SQLite, such as a
 * file copied over it, moves the file's change time.
 */
public record FileState(FileIdentity identity, DatabaseHeader header) {}

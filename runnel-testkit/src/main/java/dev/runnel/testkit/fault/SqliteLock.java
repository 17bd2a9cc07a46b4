package dev.runnel.testkit.fault;

import java.nio.file.Path;

/** The byte ranges that SQLite locks in a database file and in its {@code -shm}. */
public enum SqliteLock {
    PENDING("", 0x4000_0000L, 1),
    RESERVED("", 0x4000_0001L, 1),
    /** Held by every connection to a database in WAL mode for as long as it is open. */
    SHARED("", 0x4000_0002L, 510),
    WRITE("-shm", 120, 1),
    CHECKPOINT("-shm", 121, 1),
    RECOVER("-shm", 122, 1),
    /** Held by a reader that needs nothing from the WAL. */
    READ_0("-shm", 123, 1),
    READ_1("-shm", 124, 1),
    READ_2("-shm", 125, 1),
    READ_3("-shm", 126, 1),
    READ_4("-shm", 127, 1),
    /** Held by every process that has the wal-index open; without it the next one to come starts the index anew. */
    WAL_INDEX_IN_USE("-shm", 128, 1);

    private final String suffix;
    private final long offset;
    private final long length;

    SqliteLock(String suffix, long offset, long length) {
        this.suffix = suffix;
        this.offset = offset;
        this.length = length;
    }

    /** The file the range is in. */
    Path file(Path database) {
        return database.resolveSibling(database.getFileName() + suffix);
    }

    long offset() {
        return offset;
    }

    long length() {
        return length;
    }

    /** Whether it is one of the read marks. */
    public boolean isReadMark() {
        return name().startsWith("READ_");
    }
}

package dev.runnel.restore;

/** What SQLite is asked about a restored database. */
public enum IntegrityCheck {
    /** Nothing: the checksum alone decides. */
    NONE,
    /** {@code PRAGMA quick_check}: all but whether indexes match their tables. */
    QUICK,
    /** {@code PRAGMA integrity_check}. */
    FULL
}

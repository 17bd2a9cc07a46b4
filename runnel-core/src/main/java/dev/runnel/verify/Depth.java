package dev.runnel.verify;

/** How closely history is looked at. Each depth includes the first. */
public enum Depth {
    /** Names and times: whether the newest state can be reached without a hole. Costs listings only. */
    NAMES,
    /** Every object is read from its first to its last byte. */
    BYTES,
    /** The pages of a state are read, in bounded memory and without a file, and compared with the checksum of the database. */
    PAGES,
    /** A state is restored to a scratch file, and SQLite checks it. */
    RESTORE
}

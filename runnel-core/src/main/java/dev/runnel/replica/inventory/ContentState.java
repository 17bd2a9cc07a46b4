package dev.runnel.replica.inventory;

/** What this process knows of the content of an object. */
public enum ContentState {
    /** Nothing: it was listed. */
    NOT_READ,
    /** Its header and its end were read and fit its name. What lies between them may be damaged. */
    ENDS_READ,
    /** This process wrote it, or this machine did: all of its stored bytes are those that were recorded then. */
    WRITTEN,
    /**
     * This machine wrote it: its size, its start and its end are those that were recorded then. What lies between them
     * may be damaged. Where objects are encrypted for other machines only, this replaces {@link #ENDS_READ}.
     */
    RECORDED,
    /** It was read from its first to its last byte, and is what its name says. */
    READ,
    /** It is shorter or longer than it was, changed, or not what its name says. */
    DAMAGED,
    /** It is nothing of this layout: encrypted, or in a format of another program. */
    UNRECOGNISED,
    /** It is intact, and another lineage wrote it. */
    FOREIGN;

    /** Whether the history may be taken to restore with it: there is no evidence against it. */
    public boolean isUsable() {
        return this != DAMAGED && this != UNRECOGNISED;
    }

    /** Whether its content is that of the local history, whatever became of the stored bytes. */
    public boolean isOurs() {
        return this == WRITTEN || this == RECORDED;
    }

    /** Whether another object may be removed because this one takes its place. */
    public boolean isProven() {
        return this == WRITTEN || this == READ;
    }

    /** Whether retention may ever remove it. */
    public boolean isRemovable() {
        return this != UNRECOGNISED && this != FOREIGN;
    }
}

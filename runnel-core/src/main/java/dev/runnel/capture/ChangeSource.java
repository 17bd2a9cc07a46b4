package dev.runnel.capture;

import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.sqlite.FileIdentity;
import java.io.IOException;

/** One attached database, whichever journal it keeps: what was captured of it, and images of it. For one thread at a time. */
public sealed interface ChangeSource permits Capture, RollbackCapture {
    PageSize pageSize();

    /** Size of the database in pages as of the last captured commit. */
    int pageCount();

    /** Whether there is anything to be closed into a change set, and nothing that keeps it from being whole. */
    default boolean hasChangeSet() {
        return pendingChangeSets() > 0;
    }

    /** How many change sets are still to be closed: a sealed one, and an open one that is not empty. */
    int pendingChangeSets();

    /**
     * Seals what was captured since the newest TXID: what is captured from now on comes after it. Until that is released
     * it stays what is to be closed next.
     *
     * @param database the file as it is now
     */
    SealedChangeSet seal(FileIdentity database) throws IOException;

    /** What was sealed is a TXID now, or turned out to change nothing. */
    void release(SealedChangeSet closed) throws IOException;

    /** Whether what was captured ends at a commit, and everything before that commit is in it. */
    boolean isWhole();

    /** Where we are in the database's files: what is captured ends here. */
    SourcePosition positionAt(FileIdentity database);

    /** Room on disk for what belongs to an image. */
    Scratch room();

    /**
     * Begins an image as of the captured position.
     *
     * @param wanted is closed with the image
     * @param keptLimit bytes of old versions past which the image gives up
     */
    PageImage image(PageFilter wanted, long keptLimit) throws IOException;
}

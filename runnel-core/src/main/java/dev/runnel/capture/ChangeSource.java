package dev.runnel.capture;

import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.PageSize;
import dev.runnel.sqlite.FileIdentity;
import java.io.IOException;

/** One attached database, whichever journal it keeps: what was captured of it, and images of it. For one thread at a time. */
public sealed interface ChangeSource permits Capture, RollbackCapture {
    PageSize pageSize();

    /** Size of the database in pages as of the last captured commit. */
    int pageCount();

    /** What was captured since the newest TXID. */
    OpenChangeSet open();

    /** Whether there is anything to be closed into a change set, and nothing that keeps it from being whole. */
    boolean hasChangeSet();

    /** Whether the open change set ends at a commit, and everything before that commit is in it. */
    boolean isWhole();

    /** Where we are in the database's files: what is captured ends here. */
    SourcePosition positionAt(FileIdentity database);

    /**
     * Begins an image as of the captured position.
     *
     * @param keptLimit bytes of old versions past which the image gives up
     */
    PageImage image(PageFilter wanted, long keptLimit) throws IOException;
}

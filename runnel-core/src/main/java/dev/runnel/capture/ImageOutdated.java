package dev.runnel.capture;

import dev.runnel.platform.RunnelException;
import java.nio.file.Path;

/** A database in rollback mode has changed while an image of it was read, and what the image still needed is gone. */
public final class ImageOutdated extends RunnelException {
    private static final long serialVersionUID = 1L;

    ImageOutdated(Path database, int page) {
        super(
                database + ": page " + page + " changed while a snapshot was read",
                "Runnel starts the snapshot again, and sets the pages aside while it compares them. No action needed.",
                null);
    }
}

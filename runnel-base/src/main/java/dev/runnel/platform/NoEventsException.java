package dev.runnel.platform;

import java.io.IOException;
import java.nio.file.Path;

/** The system gives no events of a folder. */
public final class NoEventsException extends RunnelException {
    private static final long serialVersionUID = 1L;

    public NoEventsException(Path folder, IOException cause) {
        super(
                folder + ": no file-system events (" + cause.getMessage() + ")",
                "Raise fs.inotify.max_user_instances, fs.inotify.max_user_watches or the limit of open files.",
                cause);
    }
}

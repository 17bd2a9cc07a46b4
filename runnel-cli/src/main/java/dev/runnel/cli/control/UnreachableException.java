package dev.runnel.cli.control;

import dev.runnel.platform.RunnelException;
import java.io.IOException;
import java.nio.file.Path;

/** Nothing listens at a control socket. */
public final class UnreachableException extends RunnelException {
    private static final long serialVersionUID = 1L;

    UnreachableException(Path socket, IOException cause) {
        super(
                "failed to connect to control socket: " + socket + ": " + cause.getMessage(),
                "Start \"runnel replicate\" with \"socket: {enabled: true}\" in its configuration; -socket says where"
                        + " the socket is.",
                cause);
    }
}

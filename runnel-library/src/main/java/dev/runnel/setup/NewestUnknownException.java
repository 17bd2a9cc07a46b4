package dev.runnel.setup;

import dev.runnel.platform.RunnelException;
import java.io.IOException;

/**
 * One of several replicas cannot be read. It may be the newest, and an older state must not be taken for the newest.
 */
public final class NewestUnknownException extends RunnelException {
    private static final long serialVersionUID = 1L;

    private final String replica;

    NewestUnknownException(String replica, IOException cause) {
        super(
                "it cannot be determined which replica is the newest: " + cause.getMessage(),
                "Restore from one replica other than \"" + replica + "\".",
                cause);
        this.replica = replica;
    }

    /** The name of the one that cannot be read. */
    public String replica() {
        return replica;
    }
}

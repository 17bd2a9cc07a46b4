package dev.runnel.setup;

import dev.runnel.platform.RunnelException;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.util.Optional;

/** What the user wants to restore. */
public interface RestoreChoice {
    /**
     * What to restore, if no generation is asked for.
     *
     * @throws RunnelException if what is asked for contradicts itself
     */
    RestoreTarget target() throws RunnelException;

    /** The generation that is asked for, where one is; empty text stands for the newest. */
    Optional<String> generation();

    /** What to restore from a generation. */
    RestoreTarget targetIn(HistoryGeneration chosen) throws IOException;

    /** A state of the newest history there is. */
    static RestoreChoice of(RestoreTarget target) {
        return new RestoreChoice() {
            @Override
            public RestoreTarget target() {
                return target;
            }

            @Override
            public Optional<String> generation() {
                return Optional.empty();
            }

            @Override
            public RestoreTarget targetIn(HistoryGeneration chosen) {
                return target;
            }
        };
    }
}

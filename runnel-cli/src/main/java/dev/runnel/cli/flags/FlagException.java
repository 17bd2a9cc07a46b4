package dev.runnel.cli.flags;

import dev.runnel.platform.RunnelException;

/** A command line that does not fit the flags of its command. */
public final class FlagException extends RunnelException {
    private static final long serialVersionUID = 1L;

    FlagException(String message, String nextStep) {
        super(message, nextStep, null);
    }
}

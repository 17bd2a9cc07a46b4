package dev.runnel.setup;

import dev.runnel.platform.RunnelException;

/** A database cannot be followed because of another one. */
public final class ConflictException extends RunnelException {
    private static final long serialVersionUID = 1L;

    ConflictException(String message, String nextStep) {
        super(message, nextStep, null);
    }
}

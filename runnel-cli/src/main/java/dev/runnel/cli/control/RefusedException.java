package dev.runnel.cli.control;

import java.io.IOException;

/** A daemon has not done what it was asked to do; the message is its own. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}

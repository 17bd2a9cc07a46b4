package dev.runnel.engine;

import dev.runnel.capture.AttachRules;
import dev.runnel.platform.RunnelException;

/** A database cannot be read now, because it is not attached. */
final class UnavailableException extends RunnelException {
    private static final long serialVersionUID = 1L;

    UnavailableException(AttachRules.Obstacle obstacle) {
        super("the database cannot be read: " + obstacle.reason(), obstacle.nextStep(), null);
    }
}

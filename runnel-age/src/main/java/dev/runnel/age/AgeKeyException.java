package dev.runnel.age;

import dev.runnel.platform.RunnelException;

/** Keys with which nothing could be encrypted, or nothing read back. */
public final class AgeKeyException extends RunnelException {
    private static final long serialVersionUID = 1L;

    AgeKeyException(String message, String nextStep) {
        super(message, nextStep, null);
    }
}

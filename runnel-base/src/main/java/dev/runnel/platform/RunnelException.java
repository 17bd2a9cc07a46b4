package dev.runnel.platform;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An error a user can meet. The message says where it happened and what was found; {@link #nextStep} says what to do.
 * Each package has its own sealed family below this type.
 */
public abstract class RunnelException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String nextStep;

    protected RunnelException(String message, String nextStep, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = message;
        this.nextStep = nextStep;
    }

    /** The message: where it happened and what was found. */
    public final String reason() {
        return reason;
    }

    /** What the reader of the message can do about it, as one sentence. */
    public final String nextStep() {
        return nextStep;
    }
}

package dev.runnel.cli;

import dev.runnel.platform.RunnelException;
import org.jspecify.annotations.Nullable;

/** A command cannot do what it was asked to. Where there is nothing to advise, the next step is empty. */
public final class CommandException extends RunnelException {
    private static final long serialVersionUID = 1L;

    public CommandException(String message) {
        this(message, "");
    }

    public CommandException(String message, String nextStep) {
        this(message, nextStep, null);
    }

    public CommandException(String message, String nextStep, @Nullable Throwable cause) {
        super(message, nextStep, cause);
    }
}

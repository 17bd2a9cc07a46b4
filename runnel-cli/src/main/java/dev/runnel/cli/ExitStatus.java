package dev.runnel.cli;

/** How a command ended, for the process that called it. */
public enum ExitStatus {
    SUCCESS(0),
    FAILURE(1);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}

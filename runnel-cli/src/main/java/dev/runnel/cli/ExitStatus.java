package dev.runnel.cli;

/**
 * How a command ended, for the process that called it.
 *
 * @param code what {@code $?} of a shell is then
 */
public record ExitStatus(int code) {
    public static final ExitStatus SUCCESS = new ExitStatus(0);
    public static final ExitStatus FAILURE = new ExitStatus(1);
}

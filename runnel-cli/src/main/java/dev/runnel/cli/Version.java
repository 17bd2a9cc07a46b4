package dev.runnel.cli;

/** The version of this program, which is that of the build. */
final class Version {
    /** A constant, because reading a file from the program's archive takes longer than the rest of {@code version}. */
    static final String NUMBER = "0.1.0-SNAPSHOT";

    private Version() {}
}

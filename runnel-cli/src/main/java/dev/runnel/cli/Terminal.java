package dev.runnel.cli;

import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.logging.LogOutput;
import dev.runnel.cli.logging.LogOutput.Colours;
import dev.runnel.cli.output.ProgressDisplay;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.setup.Replicas;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a process is given by the one that starts it.
 *
 * @param in what a command reads, such as a configuration
 * @param out results, UTF-8
 * @param err errors and progress, UTF-8
 * @param outStream who reads the results
 * @param errorStream who reads the errors and the progress
 * @param environment the environment variables
 * @param workingFolder what relative paths are relative to, absolute
 * @param homeFolder the user's home, for {@code ~}
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Reader outStream,
        Reader errorStream,
        Map<String, String> environment,
        Path workingFolder,
        Path homeFolder) {
    /** Who reads a stream: a person at a screen, where a line can be written over, or a file or another program. */
    public enum Reader {
        PERSON,
        PROGRAM
    }

    /** The one of this process. The launcher says by system properties which streams a person watches. */
    static Terminal ofProcess() {
        return new Terminal(
                System.in,
                open(FileDescriptor.out),
                open(FileDescriptor.err),
                Boolean.getBoolean("runnel.terminal.output") ? Reader.PERSON : Reader.PROGRAM,
                Boolean.getBoolean("runnel.terminal") ? Reader.PERSON : Reader.PROGRAM,
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("user.home")));
    }

    /** Opens replicas with what the environment says. */
    Replicas replicas() {
        return new Replicas(Disk.system(), Clock.system(), environment);
    }

    /** Where the log goes; a person who does not forbid it sees it in colours. */
    LogOutput log(LogConfig.Stream stream) {
        return switch (stream) {
            case STDOUT -> new LogOutput(out, colours(outStream));
            case STDERR -> new LogOutput(err, colours(errorStream));
        };
    }

    private Colours colours(Reader reader) {
        boolean isForbidden = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return reader == Reader.PERSON && !isForbidden ? Colours.ANSI : Colours.NONE;
    }

    /** Shows progress on the error stream: in one line for a person, in a new line each time for a program. */
    ProgressDisplay progress(String doing) {
        return switch (errorStream) {
            case PERSON -> ProgressDisplay.onScreen(err, doing);
            case PROGRAM -> ProgressDisplay.inLines(err, doing);
        };
    }

    private static PrintStream open(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}

package dev.runnel.cli.demo;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This program, to be started again in processes of its own.
 *
 * @param command what to type before the arguments
 */
record OwnProgram(List<String> command) {
    /** The launcher that started us, or else the Java that runs us. */
    static OwnProgram find() {
        String launcher = System.getProperty("runnel.launcher", "");
        if (!launcher.isEmpty()) {
            return new OwnProgram(List.of(launcher));
        }
        return new OwnProgram(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.runnel.cli.Main"));
    }

    /** A process to be started in a folder; what it says goes where the builder says. */
    ProcessBuilder prepare(Path folder, List<String> arguments) {
        List<String> line = new ArrayList<>(command);
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line).directory(new File(folder.toString()));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        return builder;
    }
}

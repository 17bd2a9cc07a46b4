package dev.runnel.testkit.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A main class on the class path of this JVM, run in a JVM of its own. */
public final class JavaProgram {
    private static final int DESCRIPTORS = 256;

    private final String mainClass;
    private final List<String> jvmOptions;

    private JavaProgram(String mainClass, List<String> jvmOptions) {
        this.mainClass = mainClass;
        this.jvmOptions = List.copyOf(jvmOptions);
    }

    /** A program by its main class, with a small heap and quick to start. */
    public static JavaProgram of(String mainClass) {
        return new JavaProgram(
                mainClass, List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    }

    /** The same program with these JVM options in place of the usual ones. */
    public JavaProgram with(String... options) {
        return new JavaProgram(mainClass, List.of(options));
    }

    /** The whole command line. */
    public List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(List.of(arguments));
        return command;
    }

    /** A command of this class path with 256 descriptors for its work: each entry of the class path takes one more. */
    public static List<String> withFewDescriptors(List<String> command) {
        int entries = System.getProperty("java.class.path").split(File.pathSeparator, -1).length;
        List<String> limited =
                new ArrayList<>(List.of("sh", "-c", "ulimit -n " + (DESCRIPTORS + entries) + "; exec \"$@\"", "sh"));
        limited.addAll(command);
        return limited;
    }

    public Child start(String... arguments) {
        return Child.start(command(arguments), Map.of());
    }
}

package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.JavaProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The command line under test: the program on this class path, in a JVM of its own. {@code -Drunnel.command=…} puts
 * another program with the same command line in its place.
 */
final class RunnelCommand {
    private static final String MAIN_CLASS = "dev.runnel.cli.Main";

    private RunnelCommand() {}

    static List<String> of(String... arguments) {
        return withHeap("256m", arguments);
    }

    /** Runs a command to its end, which is to have this exit status; gives all that it printed. */
    static String run(Duration limit, int exit, String... arguments) {
        try (Child child = Child.start(of(arguments), Map.of())) {
            int status = child.awaitExit(limit);
            assertThat(status).as(child.transcript()).isEqualTo(exit);
            return child.transcript();
        }
    }

    /** How a replica in a folder is named on the command line. */
    static String url(Path replica) {
        return "file://" + replica;
    }

    /** A heap of 64 MiB and 256 descriptors. */
    static List<String> onSmallMachine(String... arguments) {
        return JavaProgram.withFewDescriptors(withHeap("64m", arguments));
    }

    static List<String> withHeap(String heap, String... arguments) {
        String other = System.getProperty("runnel.command", "");
        if (other.isEmpty()) {
            return JavaProgram.of(MAIN_CLASS)
                    .with("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                    .command(arguments);
        }
        List<String> command =
                new ArrayList<>(Pattern.compile(" ").splitAsStream(other).toList());
        command.addAll(List.of(arguments));
        return command;
    }
}

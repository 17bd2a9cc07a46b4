package dev.runnel.cli.install;

import java.nio.file.Path;
import java.util.List;

/** Runs the commands once, in a folder of its own, so that Java can archive the classes they load. */
public final class Rehearsal {
    private Rehearsal() {}

    static void run(Path folder, Stage stage) {
        stage.run(List.of("version"));
        stage.run(List.of("help"));
        stage.run(List.of(
                "ltx", "-level", "all", folder.resolve("replica").toUri().toString()));
    }

    /** Where commands are run. */
    @FunctionalInterface
    public interface Stage {
        void run(List<String> arguments);
    }
}

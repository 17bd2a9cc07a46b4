package dev.runnel;

import java.nio.file.Path;

/** Where the modules are built that are tested. */
final class BuiltModules {
    /** The folder of all modules. */
    static final Path PROJECT = Path.of(System.getProperty("runnel.project", ".."));

    /** The folder that each module is built in, seen from its own. */
    static final String BUILD = System.getProperty("runnel.classes", "target");

    private BuiltModules() {}
}

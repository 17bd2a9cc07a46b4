package dev.runnel.cli.install;

import java.io.IOException;
import java.nio.file.Path;

/** Prepares the folder of a fresh build. */
public final class Install {
    private Install() {}

    /** Unpacks what has to be unpacked, and rehearses. */
    public static void into(Path folder, Stage stage) throws IOException, InterruptedException {
        NativeLibraries.unpackInto(folder.resolve("native"));
        new Rehearsal(stage).run(folder.resolve("rehearsal"));
    }
}

package dev.runnel.cli.install;

import java.io.IOException;
import java.nio.file.Path;

/** Prepares the folder of a fresh build. */
public final class Install {
    private Install() {}

    /** Unpacks what has to be unpacked, and runs the commands once. */
    public static void into(Path folder, Rehearsal.Stage stage) throws IOException {
        NativeLibrary.unpackInto(folder.resolve("native"));
        Rehearsal.run(folder.resolve("rehearsal"), stage);
    }
}

package dev.runnel.testkit.fault;

import dev.runnel.platform.FolderWatch;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.Set;

/** Takes every watch and never tells of anything, as a file system does whose changes are made elsewhere. */
public final class SilentFolderWatch implements FolderWatch {
    @Override
    public Closeable watch(Path folder, Set<String> names, Listener listener) {
        return () -> {};
    }

    @Override
    public void close() {}
}

package dev.runnel.cli.install;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Unpacks SQLite's native library for this machine. Left to itself, the driver unpacks it into the folder for temporary
 * files at every start.
 */
final class NativeLibrary {
    private NativeLibrary() {}

    /** Puts the library into a folder, where {@code org.sqlite.lib.path} is to point. */
    static void unpackInto(Path folder) throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("there is no SQLite library for this machine: " + resource);
            }
            Files.createDirectories(folder);
            Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}

package dev.runnel.cli.install;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Unpacks the native libraries for this machine. Left to themselves, SQLite's driver and LZ4 unpack them into the folder
 * for temporary files at every start, and leave them there when the process is killed.
 */
final class NativeLibraries {
    private NativeLibraries() {}

    /** Puts them into a folder, where {@code org.sqlite.lib.path} and {@code java.library.path} are to point. */
    static void unpackInto(Path folder) throws IOException {
        Files.createDirectories(folder);
        String sqlite = LibraryLoaderUtil.getNativeLibName();
        unpack(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + sqlite, folder.resolve(sqlite));
        String lz4 = System.mapLibraryName("lz4-java");
        unpack("/net/jpountz/util/" + system() + "/" + System.getProperty("os.arch") + "/" + lz4, folder.resolve(lz4));
    }

    private static void unpack(String resource, Path target) throws IOException {
        try (InputStream in = NativeLibraries.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("there is no native library for this machine: " + resource);
            }
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.startsWith("windows") ? "windows" : name;
    }
}

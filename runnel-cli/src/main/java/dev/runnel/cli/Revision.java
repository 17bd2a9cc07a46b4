package dev.runnel.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The source that a program was built from, as its archive says.
 *
 * @param commit the hash, with {@code (dirty)} if the source had changes
 * @param time of the commit, in UTC
 */
record Revision(String commit, String time) {
    private static final String NOT_KNOWN = "unknown";

    /** Of this program; nothing is known of one that does not run from its archive. */
    static Revision ofThisProgram() {
        CodeSource code = Revision.class.getProtectionDomain().getCodeSource();
        try {
            return of(Path.of(code.getLocation().toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of the program in an archive. */
    static Revision of(Path archive) {
        if (!Files.isRegularFile(archive)) {
            return new Revision(NOT_KNOWN, NOT_KNOWN);
        }
        try (JarFile jar = new JarFile(archive.toFile())) {
            Optional<Manifest> manifest = Optional.ofNullable(jar.getManifest());
            return new Revision(read(manifest, "Git-Commit"), read(manifest, "Git-Commit-Time"));
        } catch (IOException _) {
            return new Revision(NOT_KNOWN, NOT_KNOWN);
        }
    }

    private static String read(Optional<Manifest> manifest, String name) {
        return manifest.map(given -> given.getMainAttributes().getValue(name)).orElse(NOT_KNOWN);
    }
}

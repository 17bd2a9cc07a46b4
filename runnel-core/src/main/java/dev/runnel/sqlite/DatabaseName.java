package dev.runnel.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The names of one database: the configured one, and the real file that it leads to through symbolic links. SQLite follows
 * links too and keeps {@code -wal}, {@code -shm} and {@code -journal} beside the real file, so everything that is opened,
 * watched or compared has a name derived from {@link #real}.
 *
 * @param configured as the operator wrote it, absolute
 * @param real the same file without symbolic links, as of the time it was resolved
 */
public record DatabaseName(Path configured, Path real) {
    private static final String NAME_ENCODING = "sun.jnu.encoding";

    /**
     * Follows the links of a configured name.
     *
     * @throws java.nio.file.NoSuchFileException if no file has that name
     */
    public static DatabaseName resolve(Path configured) throws IOException {
        Path real = configured.toRealPath();
        requireSameBytes(real);
        return new DatabaseName(configured, real);
    }

    /** Like {@link #resolve}; a name that leads nowhere is its own real name. */
    public static DatabaseName resolveIfThere(Path configured) {
        try {
            return resolve(configured);
        } catch (IOException e) {
            return new DatabaseName(configured, configured);
        }
    }

    /** SQLite is given names in UTF-8; Java opens them in the encoding of the locale. */
    private static void requireSameBytes(Path real) throws SourceException {
        String encoding = System.getProperty(NAME_ENCODING, "UTF-8");
        boolean ascii = real.toString().chars().allMatch(c -> c < 0x80);
        if (!ascii && !encoding.equalsIgnoreCase("UTF-8")) {
            throw new SourceException.UnusableName(real, encoding);
        }
    }

    public Path wal() {
        return beside("-wal");
    }

    public Path walIndex() {
        return beside("-shm");
    }

    public Path journal() {
        return beside("-journal");
    }

    private Path beside(String suffix) {
        return real.resolveSibling(real.getFileName() + suffix);
    }

    /** Whether both names lead to this file now. */
    boolean leadsTo(FileIdentity file) throws IOException {
        return isNameOf(configured, file) && (configured.equals(real) || isNameOf(real, file));
    }

    /** Whether a name leads to this file now. */
    static boolean isNameOf(Path name, FileIdentity file) throws IOException {
        return Files.exists(name)
                && FileIdentity.ifThere(name).filter(file::isSameFile).isPresent();
    }
}

package dev.runnel.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a file is apart from its content: owner, group, mode, and extended attributes, among them access control lists.
 * A file that replaces another gets them.
 */
public final class FileTraits {
    private static final String UNIX = "unix";
    private static final int PERMISSIONS = 07777;

    private final Path of;
    private final int user;
    private final int group;
    private final int mode;
    private final Map<String, byte[]> extended;

    private FileTraits(Path of, int user, int group, int mode, Map<String, byte[]> extended) {
        this.of = of;
        this.user = user;
        this.group = group;
        this.mode = mode;
        this.extended = extended;
    }

    /** Those of the file that has this name now; links are followed. */
    public static FileTraits of(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains(UNIX)) {
            return new FileTraits(file, 0, 0, 0, Map.of());
        }
        return new FileTraits(
                file,
                (int) Files.getAttribute(file, "unix:uid"),
                (int) Files.getAttribute(file, "unix:gid"),
                (int) Files.getAttribute(file, "unix:mode") & PERMISSIONS,
                ExtendedAttributes.of(file));
    }

    /**
     * Gives them to another file.
     *
     * @return extended attributes that the other file could not get
     * @throws IOException if it could not get owner, group or mode
     */
    public List<String> giveTo(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains(UNIX)) {
            return List.of();
        }
        FileTraits before = of(file);
        if (before.user != user || before.group != group) {
            // The mode comes last: a change of owner takes bits of it away.
            Files.setAttribute(file, "unix:gid", group);
            Files.setAttribute(file, "unix:uid", user);
        }
        List<String> notGiven = new ArrayList<>();
        for (Map.Entry<String, byte[]> each : extended.entrySet()) {
            if (!ExtendedAttributes.set(file, each.getKey(), each.getValue())) {
                notGiven.add(each.getKey());
            }
        }
        Files.setAttribute(file, "unix:mode", mode);
        return List.copyOf(notGiven);
    }

    @Override
    public String toString() {
        return of + ": user " + user + ", group " + group + ", mode " + Integer.toOctalString(mode);
    }
}

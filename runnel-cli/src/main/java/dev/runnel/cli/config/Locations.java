package dev.runnel.cli.config;

import dev.runnel.s3.S3Option;
import dev.runnel.s3.S3Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Turns what a user writes for a place into an absolute path: {@code ~} is the home folder, and what is relative is
 * relative to the folder the program was started in.
 */
public final class Locations {
    private static final Pattern URL = Pattern.compile("^\\w+://.*", Pattern.DOTALL);
    private static final List<String> DATABASE_PREFIXES = List.of("sqlite://", "sqlite3://");
    private static final String FILE_PREFIX = "file://";
    private static final String UTF_8 = "UTF-8";

    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private final Path workingFolder;
    private final Path homeFolder;
    private final Map<String, String> environment;

    /** @param environment where a service may be named that the configuration does not name */
    public Locations(Path workingFolder, Path homeFolder, Map<String, String> environment) {
        this.workingFolder = workingFolder;
        this.homeFolder = homeFolder;
        this.environment = Map.copyOf(environment);
    }

    /** Whether a place is given as the URL of a replica. */
    public static boolean isUrl(String text) {
        return URL.matcher(text).matches() && DATABASE_PREFIXES.stream().noneMatch(text::startsWith);
    }

    /**
     * The absolute path of a file or folder.
     *
     * @throws IllegalArgumentException if no file can have that name
     */
    public Path path(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the path is empty");
        }
        try {
            if (text.equals("~")) {
                return homeFolder;
            }
            Path path = text.startsWith("~/") ? homeFolder.resolve(text.substring(2)) : Path.of(text);
            return workingFolder.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(reason(e), e);
        }
    }

    private static String reason(InvalidPathException e) {
        String encoding = System.getProperty("sun.jnu.encoding", UTF_8);
        return encoding.equalsIgnoreCase(UTF_8)
                ? "not a path: " + e.getMessage()
                : "no file can have this name in the encoding of the locale, " + encoding + ": " + e.getInput()
                        + "; start Runnel with LC_ALL=C.UTF-8";
    }

    /** The absolute path of a database, which may be written as {@code sqlite://} or {@code sqlite3://} URL too. */
    public Path database(String text) {
        for (String prefix : DATABASE_PREFIXES) {
            if (text.startsWith(prefix)) {
                return path(text.substring(prefix.length()));
            }
        }
        return path(text);
    }

    /**
     * The replica at a URL. In a {@code file://} URL everything after the slashes is the path, as it is written.
     *
     * @throws IllegalArgumentException if it is no URL of a replica
     */
    public Destination replicaAt(String url) {
        if (url.startsWith(FILE_PREFIX)) {
            if (url.indexOf('?') >= 0 || url.indexOf('#') >= 0) {
                throw new IllegalArgumentException("a file:// URL takes no parameters; give a folder with ? or # in its"
                        + " name as a path, without file://");
            }
            return new Destination.Folder(path(url.substring(FILE_PREFIX.length())));
        }
        int end = url.indexOf("://");
        String scheme = end < 0 ? "" : url.substring(0, end);
        if (ReplicaTypes.isNotBuilt(scheme)) {
            throw new IllegalArgumentException(ReplicaTypes.notBuilt(scheme));
        }
        if (scheme.equals(ReplicaTypes.S3)) {
            return replicaAtS3(S3Settings.optionsOf(url));
        }
        throw new IllegalArgumentException("unknown replica type \"" + scheme + "\": " + url
                + "; a replica is a folder, as a path or as file:///absolute/path, or s3://BUCKET/PATH");
    }

    /**
     * The replica in a bucket.
     *
     * @throws IllegalArgumentException if the options are not enough or contradict each other
     */
    Destination replicaAtS3(Map<S3Option, String> options) {
        return new Destination.S3(S3Settings.of(options, environment));
    }

    /** The replica at a URL or at a plain path, which is a folder. */
    public Destination replica(String urlOrPath) {
        return isUrl(urlOrPath) ? replicaAt(urlOrPath) : new Destination.Folder(path(urlOrPath));
    }

    /** The same file under one name, as far as links can be followed today: it may be missing, and its folder too. */
    static Path real(Path path) {
        return real(path, MOST_LINKS);
    }

    private static Path real(Path path, int links) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            Path parent = path.getParent();
            if (parent == null) {
                return path;
            }
            Path there = real(parent, links).resolve(path.getFileName());
            return links > 0
                    ? targetOf(there).map(target -> real(target, links - 1)).orElse(there)
                    : there;
        }
    }

    /** Where a link leads that leads to nothing yet. */
    private static Optional<Path> targetOf(Path path) {
        try {
            return Files.isSymbolicLink(path)
                    ? Optional.of(
                            path.resolveSibling(Files.readSymbolicLink(path)).normalize())
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}

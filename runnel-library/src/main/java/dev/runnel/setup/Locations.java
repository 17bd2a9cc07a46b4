package dev.runnel.setup;

import dev.runnel.location.FolderLocation;
import dev.runnel.location.Location;
import dev.runnel.location.LocationType;
import dev.runnel.location.LocationTypes;
import dev.runnel.location.Option;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Turns what a user writes for a place into an absolute path: {@code ~} is the home folder, and what is relative is
 * relative to the folder the program was started in.
 */
public final class Locations {
    private static final Pattern URL = Pattern.compile("^\\w+://.*", Pattern.DOTALL);
    private static final List<String> DATABASE_PREFIXES = List.of("sqlite://", "sqlite3://");
    private static final String UTF_8 = "UTF-8";

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
     * The location at a URL.
     *
     * @throws IllegalArgumentException if it is none of a replica
     */
    public Location replicaAt(String url) {
        return locate(typeOf(url), parse(url));
    }

    /** The location at a URL or at a plain path, which is a folder. */
    public Location replica(String urlOrPath) {
        return isUrl(urlOrPath) ? replicaAt(urlOrPath) : new FolderLocation(path(urlOrPath));
    }

    /** The type that a URL names. */
    public LocationType typeOf(String url) {
        String scheme = scheme(url);
        LocationTypes types = LocationTypes.installed();
        return types.find(scheme)
                .orElseThrow(() -> new IllegalArgumentException(ReplicaTypes.notBuilt(scheme)
                        .orElse("unknown replica type \"" + scheme + "\": " + url
                                + "; a replica is a folder, as a path, or " + types.urlForms())));
    }

    /** What stands before the address; empty if the text is no URL. */
    public static String scheme(String url) {
        int end = url.indexOf("://");
        return end < 0 ? "" : url.substring(0, end);
    }

    /**
     * What a URL says, by the keys of its type's options.
     *
     * @throws IllegalArgumentException if it is none of a replica
     */
    public Map<String, String> parse(String url) {
        LocationType type = typeOf(url);
        Map<String, String> values = new HashMap<>(type.parse(url));
        for (Option option : type.options()) {
            if (option.form() == Option.Form.FILE) {
                values.computeIfPresent(option.key(), (_, file) -> path(file).toString());
            }
        }
        return values;
    }

    /**
     * The location that values describe.
     *
     * @throws IllegalArgumentException if they are not enough or contradict each other
     */
    public Location locate(LocationType type, Map<String, String> values) {
        return type.locate(values, environment);
    }
}

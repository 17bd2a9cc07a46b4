package dev.runnel.location;

import java.util.List;
import java.util.Map;

/**
 * One kind of store: how a user writes a location there, and how to make one of it. A module provides it as a service
 * ({@link java.util.ServiceLoader}), with a public constructor without parameters. Making one is cheap: no library of the
 * store is loaded before a location is opened.
 */
public interface LocationType {
    /** The word for {@code type} in the configuration, and the default name of a replica there. */
    String name();

    /** What a location is, for messages, such as {@code a folder}. */
    String description();

    /** How a URL is written, for messages, such as {@code file:///absolute/path}. */
    String urlForm();

    /** The schemes of the URLs that lead to such a location. */
    default List<String> schemes() {
        return List.of(name());
    }

    /** All that can be said about a location. */
    List<Option> options();

    /**
     * What a URL says, as values by the keys of options. Unless a type reads its URLs itself: the path, and the parameters
     * that the options name.
     *
     * @param url starts with one of the schemes
     * @throws IllegalArgumentException if it is no URL of this type
     */
    default Map<String, String> parse(String url) {
        LocationUrl parts = LocationUrl.of(url);
        Map<String, String> values = parts.parameters(options());
        if (!parts.address().isEmpty()) {
            values.put(Option.PATH, LocationUrl.decode(parts.address()));
        }
        return values;
    }

    /**
     * The location that values describe. Nothing is asked of the store.
     *
     * @param values by the keys of options; those of files are absolute paths, switches {@code true} or {@code false}, sizes
     *     and numbers in decimal digits
     * @param environment where a type may look for what the values do not say
     * @throws IllegalArgumentException if they are not enough, contradict each other, or cannot be read
     */
    Location locate(Map<String, String> values, Map<String, String> environment);

    /**
     * The names of the loggers of its libraries. Only warnings of theirs are logged: at other levels they show requests with
     * their headers, and some of those are keys.
     */
    default List<String> libraryLoggers() {
        return List.of();
    }
}

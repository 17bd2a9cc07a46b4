package dev.runnel.location;

import java.util.Locale;

/**
 * Something that can be said about a location, as a key of the configuration or in a URL.
 *
 * @param key the key in the configuration
 * @param inUrl where a URL says it
 * @param parameter the name in the query of a URL, where the key does as well; empty if it is no parameter
 * @param form how the value is written
 * @param scope where in the configuration it may stand
 * @param byDefault what holds where nothing is said, for the documentation; empty if there is nothing to say
 * @param meaning for the documentation, in a line; empty if the key says it
 */
public record Option(
        String key, InUrl inUrl, String parameter, Form form, Scope scope, String byDefault, String meaning) {
    /** The key of whatever a store calls its path. */
    public static final String PATH = "path";

    /** How the value of an option is written. */
    public enum Form {
        TEXT,
        /** A text that no message may show. */
        SECRET,
        /** The path of a file or folder of this machine. */
        FILE,
        /** {@code true} or {@code false}. */
        SWITCH,
        /** Bytes. */
        SIZE,
        /** A whole number above zero. */
        NUMBER;

        /**
         * The value as a URL has it, in the form that a location is made of.
         *
         * @throws IllegalArgumentException if it is not of this form
         */
        String fromUrl(String parameter, String value) {
            return switch (this) {
                case TEXT, SECRET, FILE -> value;
                case SWITCH ->
                    switch (value.toLowerCase(Locale.ROOT)) {
                        case "true", "1", "t", "yes" -> "true";
                        case "false", "0", "f", "no" -> "false";
                        default ->
                            throw new IllegalArgumentException(
                                    "the parameter \"" + parameter + "\" is true or false, not \"" + value + "\"");
                    };
                case SIZE, NUMBER -> {
                    if (!value.matches("0*[1-9][0-9]{0,17}")) {
                        throw new IllegalArgumentException("invalid value for query parameter \"" + parameter + "\": \""
                                + value + "\" (must be a positive integer)");
                    }
                    yield value;
                }
            };
        }
    }

    /** Where a URL says what an option says. */
    public enum InUrl {
        /** Before the query: where a URL is given, the key may not be. */
        ADDRESS,
        PARAMETER,
        /** Nowhere. */
        NOT
    }

    /** Where in the configuration an option may stand. */
    public enum Scope {
        REPLICA,
        /** At the top of the file too, for all replicas of the type. */
        REPLICA_AND_TOP
    }

    /** An option of which a URL says nothing, for a replica. */
    public static Option of(String key, Form form) {
        return new Option(key, InUrl.NOT, "", form, Scope.REPLICA, "", "");
    }

    /** The same, where a URL says it before its query. */
    public Option inAddress() {
        return new Option(key, InUrl.ADDRESS, "", form, scope, byDefault, meaning);
    }

    /** The same, where a URL says it with a parameter. */
    public Option asParameter(String name) {
        return new Option(key, InUrl.PARAMETER, name, form, scope, byDefault, meaning);
    }

    /** The same, where it may stand at the top of the file too. */
    public Option alsoAtTop() {
        return new Option(key, inUrl, parameter, form, Scope.REPLICA_AND_TOP, byDefault, meaning);
    }

    /** The same with what the documentation says of it. */
    public Option documented(String ofDefault, String ofMeaning) {
        return new Option(key, inUrl, parameter, form, scope, ofDefault, ofMeaning);
    }

    /** Whether the query of a URL says it with this name. */
    public boolean isParameter(String name) {
        return inUrl == InUrl.PARAMETER && (name.equals(parameter) || name.equals(key));
    }
}

package dev.runnel.location;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parts of the URL of a location: {@code SCHEME://ADDRESS?PARAMETERS}.
 *
 * @param address what is between the scheme and the query, as it is written
 * @param query what is after the question mark; empty if there is none
 */
public record LocationUrl(String scheme, String address, String query) {
    private static final String AFTER_SCHEME = "://";

    /**
     * Splits a URL.
     *
     * @throws IllegalArgumentException if it has no scheme
     */
    public static LocationUrl of(String url) {
        int scheme = url.indexOf(AFTER_SCHEME);
        if (scheme < 1) {
            throw new IllegalArgumentException("not a URL: " + url);
        }
        int start = scheme + AFTER_SCHEME.length();
        int query = url.indexOf('?', start);
        return new LocationUrl(
                url.substring(0, scheme),
                url.substring(start, query < 0 ? url.length() : query),
                query < 0 ? "" : url.substring(query + 1));
    }

    /**
     * What the parameters say, by the keys of the options.
     *
     * @throws IllegalArgumentException if no option has a parameter, or its value is wrong or there twice
     */
    public Map<String, String> parameters(List<Option> options) {
        Map<String, String> values = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            Option option = options.stream()
                    .filter(each -> each.isParameter(name))
                    .findFirst()
                    .orElseThrow(() -> unknown(name, options));
            if (!value.isEmpty() && values.put(option.key(), option.form().fromUrl(name, value)) != null) {
                throw new IllegalArgumentException("the parameter \"" + name + "\" is in the URL twice");
            }
        }
        return values;
    }

    private static IllegalArgumentException unknown(String name, List<Option> options) {
        List<String> parameters = options.stream()
                .filter(option -> option.inUrl() == Option.InUrl.PARAMETER)
                .map(Option::parameter)
                .toList();
        return new IllegalArgumentException("unknown parameter \"" + name + "\" in the URL; it takes "
                + (parameters.isEmpty() ? "none" : String.join(", ", parameters)));
    }

    /** A plus is a plus: it stands in more paths and keys than a space does. */
    public static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}

package dev.runnel.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Endpoints: the scheme may be left out, which means https. */
final class S3Endpoint {
    private static final Pattern PRIVATE_ADDRESS =
            Pattern.compile("localhost|127\\..*|10\\..*|192\\.168\\..*|172\\.(1[6-9]|2[0-9]|3[01])\\..*|\\[::1]");
    private static final Pattern LOCAL_NAME = Pattern.compile(".*\\.(local|localhost)");

    private S3Endpoint() {}

    /**
     * Reads an endpoint of a configuration file.
     *
     * @throws IllegalArgumentException if it is none
     */
    static URI parse(String text) {
        String url = hasScheme(text) ? text : "https://" + text;
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
                throw new IllegalArgumentException(
                        "an endpoint is a host, such as https://storage.example.com or 127.0.0.1:9000");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not an endpoint: " + e.getReason(), e);
        }
    }

    /** The same for the query of a URL, where hosts of the own network are taken to speak http. */
    static String withScheme(String text) {
        if (hasScheme(text)) {
            return text;
        }
        String host = parse(text).getHost().toLowerCase(Locale.ROOT);
        boolean isLocal = PRIVATE_ADDRESS.matcher(host).matches()
                || LOCAL_NAME.matcher(host).matches();
        return (isLocal ? "http://" : "https://") + text;
    }

    /** Whether what is sent there can be read on the way, by others than those of the own network. */
    static boolean isExposed(URI endpoint) {
        return "http".equals(endpoint.getScheme())
                && !PRIVATE_ADDRESS.matcher(endpoint.getHost()).matches();
    }

    private static boolean hasScheme(String text) {
        return text.startsWith("http://") || text.startsWith("https://");
    }
}

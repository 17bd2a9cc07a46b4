package dev.runnel.s3;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Endpoints: the scheme may be left out, which means https. */
final class S3Endpoint {
    private static final Pattern PRIVATE_ADDRESS =
            Pattern.compile("localhost|127\\..*|10\\..*|192\\.168\\..*|172\\.(1[6-9]|2[0-9]|3[01])\\..*|\\[::1]");
    private static final Pattern LOCAL_NAME = Pattern.compile(".*\\.(local|localhost)");

    /** What Docker Compose and Swarm call their services; no URL of Java's has such a host. */
    private static final Pattern WITH_UNDERSCORE = Pattern.compile("([A-Za-z0-9._-]*_[A-Za-z0-9._-]*)(:[0-9]{1,5})?");

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
            if (host(uri).isEmpty() || uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
                throw new IllegalArgumentException(
                        "an endpoint is a host, such as https://storage.example.com or 127.0.0.1:9000");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not an endpoint: " + e.getReason(), e);
        }
    }

    /** The host of an endpoint, in small letters; empty if it has none. */
    static String host(URI endpoint) {
        if (endpoint.getHost() != null) {
            return endpoint.getHost().toLowerCase(Locale.ROOT);
        }
        Matcher host = WITH_UNDERSCORE.matcher(Objects.requireNonNullElse(endpoint.getRawAuthority(), ""));
        return host.matches() ? host.group(1).toLowerCase(Locale.ROOT) : "";
    }

    /**
     * An endpoint that Amazon's library connects to: it takes no host with an underscore, and is given a name of the same
     * shape without one, whose address is that of {@link #host}.
     */
    static URI connectable(URI endpoint) {
        if (endpoint.getHost() != null) {
            return endpoint;
        }
        String host = host(endpoint);
        String authority = endpoint.getRawAuthority();
        return URI.create(endpoint.getScheme() + "://" + standIn(host) + authority.substring(host.length())
                + endpoint.getRawPath());
    }

    private static String standIn(String host) {
        return host.replace('_', '-').replaceAll("(^|\\.)-", "$1x-").replaceAll("-(\\.|$)", "-x$1");
    }

    /** The same for the query of a URL, where hosts of the own network are taken to speak http. */
    static String withScheme(String text) {
        if (hasScheme(text)) {
            return text;
        }
        String host = host(parse(text));
        boolean isLocal = PRIVATE_ADDRESS.matcher(host).matches()
                || LOCAL_NAME.matcher(host).matches();
        return (isLocal ? "http://" : "https://") + text;
    }

    /** Whether what is sent there can be read on the way, by others than those of the own network. */
    static boolean isExposed(URI endpoint) {
        return "http".equals(endpoint.getScheme())
                && !PRIVATE_ADDRESS.matcher(host(endpoint)).matches();
    }

    private static boolean hasScheme(String text) {
        return text.startsWith("http://") || text.startsWith("https://");
    }
}

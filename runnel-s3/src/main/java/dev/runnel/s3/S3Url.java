package dev.runnel.s3;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads {@code s3://BUCKET/PATH?region=...}. Where BUCKET would be, there may also be a host of a known service, whose
 * first part is the bucket, or the ARN of an access point.
 */
final class S3Url {
    private static final String SCHEME = "s3://";
    private static final String ACCESS_POINT = ":accesspoint/";
    private static final Pattern BUCKET_AT_PORT = Pattern.compile("([^.:]+)\\.(.+:[0-9]+)");

    private static final Pattern AWS = Pattern.compile("(.+)\\.s3(?:\\.([^.]+))?\\.amazonaws\\.com");

    /** A service whose hosts start with the name of the bucket. */
    private record Service(Pattern host, String endpoint, Style style) {
        Service(String host, String endpoint, Style style) {
            this(Pattern.compile(host), endpoint, style);
        }
    }

    private enum Style {
        PATH("true"),
        VIRTUAL_HOST("false");

        private final String forcePathStyle;

        Style(String forcePathStyle) {
            this.forcePathStyle = forcePathStyle;
        }
    }

    private static final List<Service> SERVICES = List.of(
            new Service(
                    "(?:(.+)\\.)?([^.]+)\\.digitaloceanspaces\\.com",
                    "https://%s.digitaloceanspaces.com",
                    Style.VIRTUAL_HOST),
            new Service("(?:(.+)\\.)?s3\\.([^.]+)\\.backblazeb2\\.com", "https://s3.%s.backblazeb2.com", Style.PATH),
            new Service("(?:(.+)\\.)?s3\\.filebase\\.com()", "https://s3.filebase.com", Style.PATH),
            new Service("(?:(.+)\\.)?s3\\.([^.]+)\\.scw\\.cloud", "https://s3.%s.scw.cloud", Style.VIRTUAL_HOST));

    private final Map<S3Option, String> options = new EnumMap<>(S3Option.class);

    private S3Url() {}

    /**
     * What a URL says.
     *
     * @throws IllegalArgumentException if it is no URL of a replica at S3
     */
    static Map<S3Option, String> parse(String url) {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException("not an s3:// URL");
        }
        S3Url reader = new S3Url();
        int query = url.indexOf('?');
        reader.readPlace(url.substring(SCHEME.length(), query < 0 ? url.length() : query));
        if (query >= 0) {
            reader.readQuery(url.substring(query + 1));
        }
        return reader.options;
    }

    private void readPlace(String place) {
        if (place.toLowerCase(Locale.ROOT).startsWith("arn:")) {
            readAccessPoint(place);
            return;
        }
        int slash = place.indexOf('/');
        String host = slash < 0 ? place : place.substring(0, slash);
        if (host.indexOf('@') >= 0 || place.indexOf('#') >= 0) {
            throw new IllegalArgumentException("an s3:// URL has neither user nor fragment: s3://BUCKET/PATH");
        }
        options.put(S3Option.PATH, cleaned(slash < 0 ? "" : decode(place.substring(slash))));
        readHost(host);
        if (options.getOrDefault(S3Option.BUCKET, "").isEmpty()) {
            throw new IllegalArgumentException("an s3:// URL needs a bucket: s3://BUCKET/PATH");
        }
    }

    private void readAccessPoint(String arn) {
        int name = arn.toLowerCase(Locale.ROOT).indexOf(ACCESS_POINT);
        String[] fields = arn.split(":", 6);
        if (name < 0 || name + ACCESS_POINT.length() >= arn.length() || fields.length < 6) {
            throw new IllegalArgumentException("not the ARN of an access point: " + arn);
        }
        int slash = arn.indexOf('/', name + ACCESS_POINT.length());
        options.put(S3Option.BUCKET, slash < 0 ? arn : arn.substring(0, slash));
        options.put(S3Option.PATH, slash < 0 ? "" : cleaned(arn.substring(slash)));
        options.put(S3Option.REGION, fields[3]);
    }

    private void readHost(String host) {
        Matcher port = BUCKET_AT_PORT.matcher(host);
        if (host.contains(":") && !host.contains(".com")) {
            if (!port.matches()) {
                throw new IllegalArgumentException("there is no bucket before " + host + "; write s3://BUCKET." + host
                        + "/PATH, or s3://BUCKET/PATH?endpoint=" + host);
            }
            put(port.group(1), "us-east-1", "http://" + port.group(2), Style.PATH);
            return;
        }
        Matcher aws = AWS.matcher(host);
        if (aws.matches()) {
            options.put(S3Option.BUCKET, aws.group(1));
            Optional.ofNullable(aws.group(2)).ifPresent(region -> options.put(S3Option.REGION, region));
            return;
        }
        for (Service service : SERVICES) {
            Matcher matcher = service.host.matcher(host);
            if (matcher.matches()) {
                String region = matcher.group(2);
                put(
                        Objects.requireNonNullElse(matcher.group(1), ""),
                        region,
                        service.endpoint.formatted(region),
                        service.style);
                return;
            }
        }
        options.put(S3Option.BUCKET, host);
    }

    private void put(String bucket, String region, String endpoint, Style style) {
        options.put(S3Option.BUCKET, bucket);
        if (!region.isEmpty()) {
            options.put(S3Option.REGION, region);
        }
        options.put(S3Option.ENDPOINT, endpoint);
        options.put(S3Option.FORCE_PATH_STYLE, style.forcePathStyle);
    }

    private void readQuery(String query) {
        Map<S3Option, String> given = new EnumMap<>(S3Option.class);
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            S3Option option = S3Option.ofParameter(name)
                    .orElseThrow(() -> new IllegalArgumentException("unknown parameter \"" + name
                            + "\" in the URL; it takes " + String.join(", ", parameters())));
            if (!value.isEmpty() && given.put(option, checked(option, name, value)) != null) {
                throw new IllegalArgumentException("the parameter \"" + name + "\" is in the URL twice");
            }
        }
        if (given.containsKey(S3Option.ENDPOINT)) {
            // The style that the host implied is not that of another endpoint.
            options.remove(S3Option.FORCE_PATH_STYLE);
        }
        options.putAll(given);
    }

    private static String checked(S3Option option, String name, String value) {
        return switch (option.form()) {
            case TEXT, SECRET, FILE -> option == S3Option.ENDPOINT ? S3Endpoint.withScheme(value) : value;
            case SWITCH ->
                switch (value.toLowerCase(Locale.ROOT)) {
                    case "true", "1", "t", "yes" -> "true";
                    case "false", "0", "f", "no" -> "false";
                    default ->
                        throw new IllegalArgumentException(
                                "the parameter \"" + name + "\" is true or false, not \"" + value + "\"");
                };
            case SIZE, NUMBER -> {
                if (!value.matches("0*[1-9][0-9]{0,17}")) {
                    throw new IllegalArgumentException("invalid value for query parameter \"" + name + "\": \"" + value
                            + "\" (must be a positive integer)");
                }
                yield value;
            }
        };
    }

    private static List<String> parameters() {
        return Stream.of(S3Option.values())
                .map(S3Option::parameter)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** A path without empty parts, {@code .} and {@code ..}. */
    static String cleaned(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            switch (part) {
                case "", "." -> {}
                case ".." -> parts.pollLast();
                default -> parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    /** A plus is a plus: it stands in more paths and keys than a space does. */
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}

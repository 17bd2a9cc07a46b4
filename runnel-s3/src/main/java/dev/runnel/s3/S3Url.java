package dev.runnel.s3;

import dev.runnel.location.LocationUrl;
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

/**
 * Reads {@code s3://BUCKET/PATH?region=...}. Where BUCKET would be, there may also be a host of a known service, whose
 * first part is the bucket, or the ARN of an access point.
 */
final class S3Url {
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
        LocationUrl parts = LocationUrl.of(url);
        if (!parts.scheme().equals(S3LocationType.NAME)) {
            throw new IllegalArgumentException("not an s3:// URL");
        }
        S3Url reader = new S3Url();
        reader.readPlace(parts.address());
        reader.readQuery(parts);
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
        options.put(S3Option.PATH, cleaned(slash < 0 ? "" : LocationUrl.decode(place.substring(slash))));
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

    private void readQuery(LocationUrl url) {
        Map<S3Option, String> given = S3Option.byOption(url.parameters(S3Option.ALL));
        if (given.containsKey(S3Option.ENDPOINT)) {
            // The style that the host implied is not that of another endpoint.
            options.remove(S3Option.FORCE_PATH_STYLE);
            given.computeIfPresent(S3Option.ENDPOINT, (_, endpoint) -> S3Endpoint.withScheme(endpoint));
        }
        options.putAll(given);
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
}

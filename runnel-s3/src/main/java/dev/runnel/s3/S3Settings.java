package dev.runnel.s3;

import dev.runnel.s3.S3Connection.AccessKey;
import dev.runnel.s3.S3Connection.Addressing;
import dev.runnel.s3.S3Connection.Certificates;
import dev.runnel.s3.S3Connection.DeleteChecksum;
import dev.runnel.s3.S3Connection.Payload;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Everything that is known of a replica at S3 before the first request, with the defaults filled in. */
public final class S3Settings {
    /** The smallest part that a service takes, and the default. */
    static final long SMALLEST_PART = 5L << 20;

    /** The largest part that a service takes. */
    private static final long LARGEST_PART = 1L << 30;

    private static final int MOST_CONCURRENCY = 1000;

    private final Map<S3Option, String> options;
    private final String keyPrefix;
    private final S3Connection connection;
    private final ServerEncryption encryption;
    private final long partSize;
    private final int concurrency;

    private S3Settings(Map<S3Option, String> options, String keyPrefix) {
        this.options = new EnumMap<>(options);
        this.keyPrefix = keyPrefix;
        bucket();
        this.connection = readConnection();
        this.encryption = readEncryption();
        this.partSize = readPartSize();
        this.concurrency = readConcurrency();
    }

    /**
     * Settings from options as they were written. Of the file that {@link S3Option#SSE_CUSTOMER_KEY_PATH} names, the
     * content is expected as {@link S3Option#SSE_CUSTOMER_KEY}.
     *
     * @throws IllegalArgumentException if they are not enough or contradict each other
     */
    public static S3Settings of(Map<S3Option, String> options) {
        Map<S3Option, String> given = options.isEmpty() ? new EnumMap<>(S3Option.class) : options;
        return new S3Settings(given, given.getOrDefault(S3Option.PATH, "") + "/");
    }

    /**
     * The same, where an endpoint that is not among the options may be given as it is for Amazon's own tools: in
     * {@code AWS_ENDPOINT_URL_S3}, {@code AWS_ENDPOINT_URL} or a profile.
     *
     * @throws IllegalArgumentException if they are not enough or contradict each other
     */
    public static S3Settings of(Map<S3Option, String> options, Map<String, String> environment) {
        if (!options.getOrDefault(S3Option.ENDPOINT, "").isEmpty()) {
            return of(options);
        }
        Map<S3Option, String> completed = new EnumMap<>(S3Option.class);
        completed.putAll(options);
        new AwsEnvironment(environment).endpoint().ifPresent(found -> completed.put(S3Option.ENDPOINT, found));
        return of(completed);
    }

    /**
     * The same place for keys that are joined to the path as Litestream 0.3 does it: without empty parts, and without a
     * slash at the beginning. Equal to these settings where that makes no difference.
     */
    public S3Settings withJoinedKeys() {
        String joined = S3Url.cleaned(path());
        return new S3Settings(options, joined.isEmpty() ? "" : joined + "/");
    }

    /** The same with a longer path. */
    S3Settings below(String relative) {
        String path = path();
        Map<S3Option, String> longer = new EnumMap<>(S3Option.class);
        longer.putAll(options);
        longer.put(S3Option.PATH, path.isEmpty() || path.endsWith("/") ? path + relative : path + "/" + relative);
        return of(longer);
    }

    /**
     * What a URL says, as options.
     *
     * @throws IllegalArgumentException if it is no URL of a replica at S3
     */
    public static Map<S3Option, String> optionsOf(String url) {
        return S3Url.parse(url);
    }

    String bucket() {
        return text(S3Option.BUCKET).orElseThrow(() -> new IllegalArgumentException("bucket required for s3 replica"));
    }

    /** What is before every key, as it was written; empty if there is nothing. */
    String path() {
        return text(S3Option.PATH).orElse("");
    }

    /** What comes before every key in the bucket. */
    String keyPrefix() {
        return keyPrefix;
    }

    S3Connection connection() {
        return connection;
    }

    ServerEncryption encryption() {
        return encryption;
    }

    Optional<String> storageClass() {
        return text(S3Option.STORAGE_CLASS);
    }

    /** Bytes up to which an object is sent at once, and of which the parts of larger ones are. */
    long partSize() {
        return partSize;
    }

    /** Parts of an upload on the way at a time. */
    int concurrency() {
        return concurrency;
    }

    /** Where it is: a URL without secrets. */
    public String location() {
        return atEndpoint("s3://" + bucket() + (path().isEmpty() ? "" : "/" + path()));
    }

    /** The same of the bucket alone. */
    public String bucketLocation() {
        return atEndpoint("s3://" + bucket());
    }

    private String atEndpoint(String place) {
        return connection
                .endpoint()
                .map(endpoint -> place + "?endpoint=" + endpoint)
                .orElse(place);
    }

    private S3Connection readConnection() {
        Optional<URI> endpoint = text(S3Option.ENDPOINT).map(S3Endpoint::parse);
        // Only Amazon has no endpoint, and only there is the virtual host always right.
        boolean pathStyle = flag(S3Option.FORCE_PATH_STYLE).orElse(endpoint.isPresent());
        S3Provider provider = S3Provider.at(endpoint);
        return new S3Connection(
                text(S3Option.REGION).or(this::regionOfAccessPoint),
                endpoint,
                pathStyle ? Addressing.PATH : Addressing.VIRTUAL_HOST,
                flag(S3Option.SKIP_VERIFY).orElse(false) ? Certificates.IGNORED : Certificates.VERIFIED,
                flag(S3Option.SIGN_PAYLOAD).orElse(true) ? Payload.SIGNED : Payload.UNSIGNED,
                flag(S3Option.REQUIRE_CONTENT_MD5).orElse(provider.wantsContentMd5())
                        ? DeleteChecksum.CONTENT_MD5
                        : DeleteChecksum.CRC32,
                readAccess());
    }

    private Optional<String> regionOfAccessPoint() {
        String[] fields = bucket().split(":", 6);
        return bucket().startsWith("arn:") && fields.length == 6 && !fields[3].isEmpty()
                ? Optional.of(fields[3])
                : Optional.empty();
    }

    private Optional<AccessKey> readAccess() {
        Optional<String> id = text(S3Option.ACCESS_KEY_ID);
        Optional<String> secret = text(S3Option.SECRET_ACCESS_KEY);
        if (id.isPresent() != secret.isPresent()) {
            throw new IllegalArgumentException("access-key-id and secret-access-key go together");
        }
        return id.map(given -> new AccessKey(given, secret.orElseThrow()));
    }

    private ServerEncryption readEncryption() {
        Optional<String> customerKey = text(S3Option.SSE_CUSTOMER_KEY);
        Optional<String> kmsKey = text(S3Option.SSE_KMS_KEY_ID);
        if (customerKey.isPresent() && kmsKey.isPresent()) {
            throw new IllegalArgumentException(
                    "cannot use both sse-customer-key and sse-kms-key-id; they are mutually exclusive");
        }
        Optional<String> algorithm = text(S3Option.SSE_CUSTOMER_ALGORITHM);
        if (algorithm.isPresent() && !algorithm.get().equals("AES256")) {
            throw new IllegalArgumentException(
                    "sse-customer-algorithm must be AES256, got \"" + algorithm.get() + "\"");
        }
        if (algorithm.isPresent() && customerKey.isEmpty()) {
            throw new IllegalArgumentException("sse-customer-algorithm needs sse-customer-key");
        }
        if (customerKey.isPresent()) {
            if (connection.endpoint().filter(S3Endpoint::isExposed).isPresent()) {
                throw new IllegalArgumentException("sse-customer-key requires an https endpoint, because the key is"
                        + " sent along (http only for localhost and private networks)");
            }
            return new ServerEncryption.CustomerKey(customerKey.get());
        }
        return kmsKey.<ServerEncryption>map(ServerEncryption.Kms::new).orElseGet(ServerEncryption.OfBucket::new);
    }

    private long readPartSize() {
        long size = text(S3Option.PART_SIZE).map(Long::parseLong).orElse(SMALLEST_PART);
        if (size < SMALLEST_PART || size > LARGEST_PART) {
            throw new IllegalArgumentException(
                    "part size must be at least " + SMALLEST_PART + " bytes, and at most " + LARGEST_PART);
        }
        return size;
    }

    private int readConcurrency() {
        long number = text(S3Option.CONCURRENCY).map(Long::parseLong).orElse((long)
                connection.provider().concurrency());
        if (number < 1 || number > MOST_CONCURRENCY) {
            throw new IllegalArgumentException("concurrency must be 1 to " + MOST_CONCURRENCY);
        }
        return (int) number;
    }

    private Optional<String> text(S3Option option) {
        return Optional.ofNullable(options.get(option)).filter(value -> !value.isEmpty());
    }

    private Optional<Boolean> flag(S3Option option) {
        return text(option).map(Boolean::parseBoolean);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof S3Settings settings
                && options.equals(settings.options)
                && keyPrefix.equals(settings.keyPrefix);
    }

    @Override
    public int hashCode() {
        return options.hashCode();
    }

    @Override
    public String toString() {
        return location();
    }
}

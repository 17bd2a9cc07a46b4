package dev.runnel.s3;

import dev.runnel.s3.S3Connection.Addressing;
import dev.runnel.s3.S3Connection.Certificates;
import dev.runnel.s3.S3Connection.DeleteChecksum;
import dev.runnel.s3.S3Connection.Payload;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeParams;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Makes clients of Amazon's library, set to send the plainest requests there are: of fixed length, signed over what they
 * carry, without checksums that other services do not know. Stores that talk to the same service share a client.
 */
public final class S3Clients implements Closeable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** How long a service may say nothing. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private static final Duration WAIT_FOR_CONNECTION = Duration.ofMinutes(2);
    private static final Duration IDLE_CONNECTION = Duration.ofSeconds(60);
    private static final int MOST_CONNECTIONS = 128;
    private static final Region FIRST_GUESS = Region.US_EAST_1;

    /**
     * The one layer of retries.
     *
     * @param attempts at most so many, the first included
     * @param delay before the second; it doubles with each
     */
    record Retries(int attempts, Duration delay) {
        /** Takes about a minute in all until it gives up. */
        static final Retries DEFAULT = new Retries(10, Duration.ofMillis(100));

        private static final Duration LONGEST_DELAY = Duration.ofSeconds(20);

        private StandardRetryStrategy strategy() {
            BackoffStrategy backoff = BackoffStrategy.exponentialDelay(delay, LONGEST_DELAY);
            // Without the budget that the library keeps across requests: it is empty just when a service comes back.
            return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                    .maxAttempts(attempts)
                    .backoffStrategy(backoff)
                    .throttlingBackoffStrategy(backoff)
                    .circuitBreakerEnabled(false)
                    .retryOnException(S3Faults::isPassing)
                    .build();
        }
    }

    private final Map<String, String> environment;
    private final Retries retries;
    private final Map<S3Connection, S3Client> clients = new HashMap<>();
    private final Map<Bucket, Dialect> dialects = new HashMap<>();

    private record Bucket(Optional<URI> endpoint, String name) {}

    /** Clients that find in this environment what the configuration does not say. */
    public S3Clients(Map<String, String> environment) {
        this(environment, Retries.DEFAULT);
    }

    S3Clients(Map<String, String> environment, Retries retries) {
        this.environment = Map.copyOf(environment);
        this.retries = retries;
    }

    /**
     * The client for a connection.
     *
     * @throws IllegalArgumentException if what the environment says cannot be used
     */
    synchronized S3Client client(S3Connection connection) {
        return clients.computeIfAbsent(connection, this::build);
    }

    /** What the service turned out to support in the bucket, shared by all replicas there. */
    synchronized Dialect dialect(S3Settings settings) {
        Bucket bucket = new Bucket(settings.connection().endpoint(), settings.bucket());
        return dialects.computeIfAbsent(
                bucket, _ -> new Dialect(settings.connection().provider(), settings.bucketLocation()));
    }

    private S3Client build(S3Connection connection) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(httpClient(connection))
                .credentialsProvider(new Credentials(environment).of(connection))
                .authSchemeProvider(new FixedLengthSigning(connection.payload()))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .forcePathStyle(connection.addressing() == Addressing.PATH)
                .serviceConfiguration(service -> service.chunkedEncodingEnabled(false)
                        .expectContinueEnabled(false)
                        .useArnRegionEnabled(true))
                .disableS3ExpressSessionAuth(connection.endpoint().isPresent())
                .overrideConfiguration(overrides(connection));
        Optional<Region> region = region(connection);
        // A bucket of Amazon's says where it is when it is asked at the wrong place.
        builder.region(region.orElse(FIRST_GUESS))
                .crossRegionAccessEnabled(
                        region.isEmpty() && connection.endpoint().isEmpty());
        connection.endpoint().map(S3Endpoint::connectable).ifPresent(builder::endpointOverride);
        if (connection.deleteChecksum() == DeleteChecksum.CONTENT_MD5) {
            builder.addPlugin(LegacyMd5Plugin.create());
        }
        return builder.build();
    }

    private ClientOverrideConfiguration overrides(S3Connection connection) {
        ClientOverrideConfiguration.Builder overrides = ClientOverrideConfiguration.builder()
                .retryStrategy(retries.strategy())
                .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "runnel");
        if (connection.provider() == S3Provider.TIGRIS) {
            // Otherwise the nearest copy answers, which may not know yet what was written elsewhere.
            overrides.putHeader("X-Tigris-Consistent", "true");
        }
        return overrides.build();
    }

    private SdkHttpClient httpClient(S3Connection connection) {
        Apache5HttpClient.Builder builder = Apache5HttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(SILENCE)
                .connectionAcquisitionTimeout(WAIT_FOR_CONNECTION)
                .connectionMaxIdleTime(IDLE_CONNECTION)
                .maxConnections(MOST_CONNECTIONS)
                .expectContinueEnabled(false)
                .tcpKeepAlive(true);
        connection.endpoint().flatMap(S3Clients::resolver).ifPresent(builder::dnsResolver);
        String bundle = environment.getOrDefault("AWS_CA_BUNDLE", "");
        if (connection.certificates() == Certificates.IGNORED) {
            return builder.buildWithDefaults(AttributeMap.builder()
                    .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                    .build());
        }
        if (!bundle.isEmpty()) {
            builder.tlsTrustManagersProvider(() -> CaBundle.read(Path.of(bundle)));
        }
        return builder.build();
    }

    /** Finds the address of a host whose name the library does not take; empty if it takes it. */
    static Optional<DnsResolver> resolver(URI endpoint) {
        String connectable = S3Endpoint.connectable(endpoint).getHost();
        String host = S3Endpoint.host(endpoint);
        if (host.equalsIgnoreCase(connectable)) {
            return Optional.empty();
        }
        return Optional.of(new SystemDefaultDnsResolver() {
            @Override
            public InetAddress[] resolve(String name) throws UnknownHostException {
                return super.resolve(name.equals(connectable) ? host : name);
            }
        });
    }

    private Optional<Region> region(S3Connection connection) {
        if (connection.region().isPresent() || connection.endpoint().isPresent()) {
            return connection.region().map(Region::of);
        }
        for (String variable : List.of("AWS_REGION", "AWS_DEFAULT_REGION")) {
            String region = environment.getOrDefault(variable, "");
            if (!region.isEmpty()) {
                return Optional.of(Region.of(region));
            }
        }
        try {
            return Optional.of(new AwsProfileRegionProvider().getRegion());
        } catch (SdkClientException e) {
            // No profile has one, which is as good as no region at all.
            return Optional.empty();
        }
    }

    @Override
    public synchronized void close() {
        clients.values().forEach(S3Client::close);
        clients.clear();
    }

    /** Signs what is sent as it is, never in chunks of their own with a trailer. */
    static final class FixedLengthSigning implements S3AuthSchemeProvider {
        private final S3AuthSchemeProvider standard = S3AuthSchemeProvider.defaultProvider();
        private final Function<AuthSchemeOption, AuthSchemeOption> fixed;

        FixedLengthSigning(Payload payload) {
            fixed = option -> option.toBuilder()
                    .putSignerProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, payload == Payload.SIGNED)
                    .putSignerProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, false)
                    .build();
        }

        @Override
        public List<AuthSchemeOption> resolveAuthScheme(S3AuthSchemeParams parameters) {
            return standard.resolveAuthScheme(parameters).stream().map(fixed).toList();
        }
    }
}

package dev.runnel.s3;

import dev.runnel.s3.S3Clients.Retries;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** S3Proxy in this process, with objects on the heap. It checks signatures. */
final class LocalS3 {
    static final String ACCESS_KEY = "testkey";
    static final String SECRET_KEY = "testsecret";
    private static final Retries FAST = new Retries(4, Duration.ofMillis(10));

    private final S3Proxy proxy;
    private final S3Clients clients = new S3Clients(Map.of(), FAST);
    private final AtomicInteger buckets = new AtomicInteger();

    private LocalS3(S3Proxy proxy) {
        this.proxy = proxy;
    }

    static LocalS3 start() {
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .v4MaxNonChunkedRequestSize(64L << 20)
                .build();
        try {
            proxy.start();
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy does not start", e);
        }
        return new LocalS3(proxy);
    }

    String endpoint() {
        return "http://127.0.0.1:" + proxy.getPort();
    }

    S3Clients clients() {
        return clients;
    }

    /** What is needed to talk to it, but for a bucket. */
    Map<S3Option, String> options() {
        Map<S3Option, String> options = new EnumMap<>(S3Option.class);
        options.put(S3Option.ENDPOINT, endpoint());
        options.put(S3Option.ACCESS_KEY_ID, ACCESS_KEY);
        options.put(S3Option.SECRET_ACCESS_KEY, SECRET_KEY);
        return options;
    }

    /** A bucket that was not there before, and a store in it. */
    S3Store newStore(Map<S3Option, String> more) {
        Map<S3Option, String> options = options();
        options.put(S3Option.BUCKET, "bucket-" + buckets.incrementAndGet());
        options.put(S3Option.PATH, "some/app");
        options.putAll(more);
        S3Settings settings = S3Settings.of(options);
        clients.client(settings.connection()).createBucket(bucket -> bucket.bucket(settings.bucket()));
        return new S3Store(clients, settings);
    }

    void stop() throws Exception {
        clients.close();
        proxy.stop();
    }
}

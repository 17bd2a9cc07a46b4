package dev.runnel.s3;

import dev.runnel.s3.S3Clients.Retries;
import dev.runnel.testkit.s3.S3Service;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A service in this process, and stores in it that give up soon. */
final class LocalS3 {
    private static final Retries FAST = new Retries(4, Duration.ofMillis(10));

    private final S3Service service = S3Service.start();
    private final S3Clients clients = new S3Clients(Map.of(), FAST);
    private final AtomicInteger buckets = new AtomicInteger();

    S3Service service() {
        return service;
    }

    S3Clients clients() {
        return clients;
    }

    /** What is needed to talk to it, but for a bucket. */
    Map<S3Option, String> options() {
        Map<S3Option, String> options = new EnumMap<>(S3Option.class);
        options.put(S3Option.ENDPOINT, service.endpoint());
        options.put(S3Option.ACCESS_KEY_ID, S3Service.ACCESS_KEY);
        options.put(S3Option.SECRET_ACCESS_KEY, S3Service.SECRET_KEY);
        return options;
    }

    /** A bucket that was not there before, and a store in it. */
    S3Store newStore(Map<S3Option, String> more) {
        Map<S3Option, String> options = options();
        options.put(S3Option.BUCKET, "bucket-" + buckets.incrementAndGet());
        options.put(S3Option.PATH, "some/app");
        options.putAll(more);
        S3Settings settings = S3Settings.of(options);
        service.createBucket(settings.bucket());
        return new S3Store(clients, settings);
    }

    void stop() {
        clients.close();
        service.close();
    }
}

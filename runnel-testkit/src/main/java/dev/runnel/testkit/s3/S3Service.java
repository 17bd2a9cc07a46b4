package dev.runnel.testkit.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * S3Proxy in this process, with objects on the heap. It checks signatures. It can be stopped and started again, with the
 * same port and the same objects; what is in its buckets can be looked at from behind all the while.
 */
public final class S3Service implements AutoCloseable {
    public static final String ACCESS_KEY = "testkey";
    public static final String SECRET_KEY = "testsecret";

    private static final long LARGEST_REQUEST = 64L << 20;

    private final TransientNio2BlobStore objects = new TransientNio2BlobStore();
    private final Optional<SelfSigned> certificate;
    private Optional<S3Proxy> running = Optional.empty();
    private int port;

    private S3Service(Optional<SelfSigned> certificate) {
        this.certificate = certificate;
    }

    /** Starts one without buckets at a free port of this machine. */
    public static S3Service start() {
        S3Service service = new S3Service(Optional.empty());
        service.resume();
        return service;
    }

    /** The same over TLS. */
    public static S3Service startSecure(SelfSigned certificate) {
        S3Service service = new S3Service(Optional.of(certificate));
        service.resume();
        return service;
    }

    /** Listens again after {@link #stop}. */
    public synchronized void resume() {
        S3Proxy.Builder builder = S3Proxy.builder()
                .blobStore(objects)
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .v4MaxNonChunkedRequestSize(LARGEST_REQUEST)
                .stopTimeout(0);
        if (certificate.isPresent()) {
            builder.secureEndpoint(URI.create(endpoint()))
                    .keyStore(certificate.get().keyStore().toString(), SelfSigned.PASSWORD);
        } else {
            builder.endpoint(URI.create(endpoint()));
        }
        S3Proxy proxy = builder.build();
        try {
            proxy.start();
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy does not start", e);
        }
        port = certificate.isPresent() ? proxy.getSecurePort() : proxy.getPort();
        running = Optional.of(proxy);
    }

    /** Breaks all connections and refuses new ones. */
    public synchronized void stop() {
        try {
            if (running.isPresent()) {
                running.get().stop();
            }
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy does not stop", e);
        }
        running = Optional.empty();
    }

    @Override
    public void close() {
        stop();
    }

    /** Its URL. */
    public synchronized String endpoint() {
        return (certificate.isPresent() ? "https" : "http") + "://127.0.0.1:" + port;
    }

    public void createBucket(String bucket) {
        objects.createContainer(CreateBucketRequest.builder().bucket(bucket).build());
    }

    /** Puts an object with metadata of its own. */
    public void put(String bucket, String key, byte[] content, Map<String, String> metadata) {
        objects.putBlob(
                PutObjectRequest.builder()
                        .bucket(bucket)
                        .key(key)
                        .metadata(metadata)
                        .contentLength((long) content.length)
                        .build(),
                new ByteArrayInputStream(content));
    }

    /** The keys of a bucket after a prefix, in order. */
    public List<String> keys(String bucket, String prefix) {
        List<String> keys = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            ListObjectsV2Response page = objects.list(ListObjectsV2Request.builder()
                    .bucket(bucket)
                    .prefix(prefix)
                    .startAfter(next.orElse(null))
                    .build());
            page.contents().stream().map(S3Object::key).forEach(keys::add);
            next = Boolean.TRUE.equals(page.isTruncated()) ? Optional.of(keys.getLast()) : Optional.empty();
        } while (next.isPresent());
        return keys;
    }

    /** The content of an object; empty if there is none. */
    public Optional<byte[]> content(String bucket, String key) {
        try (InputStream in = objects.getBlob(
                GetObjectRequest.builder().bucket(bucket).key(key).build())) {
            return Optional.of(in.readAllBytes());
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many parts there are of uploads that were neither completed nor taken back. */
    public int unfinishedParts(String bucket) {
        return objects.listMultipartUploads(bucket).stream()
                .map(upload -> new MultipartUpload(
                        upload.uploadId(),
                        CreateMultipartUploadRequest.builder()
                                .bucket(bucket)
                                .key(upload.key())
                                .build()))
                .mapToInt(upload -> objects.listMultipartUpload(upload).size())
                .sum();
    }
}

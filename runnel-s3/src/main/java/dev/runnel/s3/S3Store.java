package dev.runnel.s3;

import dev.runnel.platform.MemoryBudget;
import dev.runnel.s3.S3Requests.Condition;
import dev.runnel.store.Body;
import dev.runnel.store.BodyWriter;
import dev.runnel.store.ByteRange;
import dev.runnel.store.Leftover;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectKeys;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.PutOptions.Existing;
import dev.runnel.store.StoreException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Objects of a bucket, below a path. The object's own time is in its metadata, as Litestream keeps it; a listing does not
 * show metadata, so the times of a listing are those of the uploads.
 *
 * <p>Amazon's library repeats what failed, with one budget a request; nothing above it should. Opening a store is cheap:
 * the library is loaded with the first request.
 */
public final class S3Store implements ObjectStore {
    /** How old an upload in parts must be before it counts as abandoned. */
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    private final S3Clients clients;
    private final S3Settings settings;
    private final String place;
    private final S3Requests requests;
    private final S3Faults faults;
    private final Dialect dialect;

    /** A store whose keys come after {@link S3Settings#keyPrefix}. */
    public S3Store(S3Clients clients, S3Settings settings) {
        this.clients = clients;
        this.settings = settings;
        this.place = settings.keyPrefix();
        this.requests = new S3Requests(settings, place);
        this.faults = new S3Faults(settings.location());
        this.dialect = clients.dialect(settings);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        S3Listing listing = new S3Listing(client(), requests, faults, place, prefix, after);
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(listing, Spliterator.NONNULL | Spliterator.IMMUTABLE), false);
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        ObjectKeys.checked(key);
        if (range.length() == 0) {
            if (stat(key).isEmpty()) {
                throw faults.notFound(key);
            }
            return InputStream.nullInputStream();
        }
        try {
            return S3Input.of(client().getObject(requests.get(key, range)), range, faults, key);
        } catch (SdkException e) {
            if (S3Faults.isBeyondEnd(e)) {
                return InputStream.nullInputStream();
            }
            throw S3Faults.isNoSuchKey(e) ? faults.notFound(key) : faults.failed("reading", key, e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws StoreException {
        ObjectKeys.checked(key);
        try {
            HeadObjectResponse head = client().headObject(requests.head(key));
            if (head.contentLength() == null || head.lastModified() == null) {
                throw faults.noAnswer("reading " + key, "it does not say the object's size and time");
            }
            Instant time = ObjectTime.fromMetadata(head.metadata()).orElse(head.lastModified());
            return Optional.of(new ObjectInfo(key, head.contentLength(), time));
        } catch (SdkException e) {
            if (S3Faults.isNotFound(e)) {
                return Optional.empty();
            }
            throw faults.failed("reading", key, e);
        }
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        ObjectKeys.checked(key);
        long size;
        try (Upload upload = new Upload(settings, body.length(), () -> begin(key, options))) {
            size = BodyWriter.write(body, upload, location(), key);
            Optional<Content> small = upload.small();
            if (small.isPresent()) {
                new SmallPut(client(), requests, faults, dialect).put(key, small.get(), options);
            } else {
                complete(key, upload, options);
            }
        }
        return options.time().isPresent()
                ? new ObjectInfo(key, size, options.time().get())
                : stat(key).orElseThrow(() -> faults.notFound(key));
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        keys.forEach(ObjectKeys::checked);
        new Deletion(client(), requests, faults, dialect, place).delete(keys);
    }

    @Override
    public String location() {
        return settings.location();
    }

    /**
     * Takes back uploads in parts that were cut short, once they are a day old: nothing of them is seen, but they cost.
     * For the one who writes here, when it starts.
     *
     * @param ours which keys are written here; the bucket may be used by others too, who may take longer
     */
    public void removeLeftovers(Instant now, Predicate<String> ours) throws StoreException {
        try {
            for (MultipartUpload upload : abandoned(now, ours)) {
                takeBack(upload);
            }
        } catch (SdkException e) {
            throw faults.failed("removing", "abandoned uploads", e);
        }
    }

    /** What {@link #removeLeftovers} would take back. */
    public List<Leftover> leftovers(Instant now, Predicate<String> ours) throws StoreException {
        try {
            return abandoned(now, ours).stream()
                    .map(upload -> new Leftover(nameOf(upload.key()), upload.initiated(), true))
                    .toList();
        } catch (SdkException e) {
            throw faults.failed("looking for", "abandoned uploads", e);
        }
    }

    private List<MultipartUpload> abandoned(Instant now, Predicate<String> ours) throws StoreException {
        List<MultipartUpload> abandoned = new ArrayList<>();
        Optional<String> afterKey = Optional.empty();
        Optional<String> afterUpload = Optional.empty();
        boolean isLast = false;
        while (!isLast) {
            ListMultipartUploadsResponse found = client().listMultipartUploads(requests.uploads(afterKey, afterUpload));
            found.uploads().stream()
                    .filter(upload -> ours.test(nameOf(upload.key())) && isAbandoned(upload, now))
                    .forEach(abandoned::add);
            afterKey = Optional.ofNullable(found.nextKeyMarker());
            afterUpload = Optional.ofNullable(found.nextUploadIdMarker());
            isLast = !Boolean.TRUE.equals(found.isTruncated()) || afterKey.isEmpty();
        }
        return abandoned;
    }

    private static boolean isAbandoned(MultipartUpload upload, Instant now) {
        return upload.initiated() != null && upload.initiated().isBefore(now.minus(ABANDONED_AFTER));
    }

    private void takeBack(MultipartUpload upload) throws StoreException {
        try {
            client().abortMultipartUpload(requests.abort(upload.key(), upload.uploadId()));
        } catch (SdkException e) {
            if (!S3Faults.isNotFound(e)) {
                throw e;
            }
        }
    }

    private PartedUpload begin(String key, PutOptions options) throws StoreException {
        // Known late, and not for sure, but it spares the upload of something large.
        if (options.existing() == Existing.KEEP_AND_FAIL && stat(key).isPresent()) {
            throw new StoreException.Exists(location(), key);
        }
        long mostBytes = settings.concurrency() * settings.partSize();
        return new PartedUpload(
                client(),
                requests,
                faults,
                key,
                requests.create(key, options.time()),
                mostBytes,
                MemoryBudget.shared());
    }

    private void complete(String key, Upload upload, PutOptions options) throws StoreException {
        Condition condition = options.existing() == Existing.KEEP_AND_FAIL ? dialect.absent() : Condition.NONE;
        try {
            upload.complete(condition);
        } catch (SdkException e) {
            if (condition == Condition.ABSENT && S3Faults.isTaken(e)) {
                throw new StoreException.Exists(location(), key);
            }
            if (condition == Condition.ABSENT && S3Faults.isNotImplemented(e)) {
                dialect.notKept();
                complete(key, upload, options);
                return;
            }
            throw faults.failed("writing", key, e);
        }
    }

    /** A key of the service without what is before every key of ours. */
    private String nameOf(String key) {
        return key.startsWith(place) ? key.substring(place.length()) : key;
    }

    private S3Client client() throws StoreException {
        try {
            return clients.client(settings.connection());
        } catch (SdkException e) {
            throw faults.failed("connecting to", "the service", e);
        } catch (IllegalArgumentException e) {
            throw faults.unusable(e);
        }
    }
}

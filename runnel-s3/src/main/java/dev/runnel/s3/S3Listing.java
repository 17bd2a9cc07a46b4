package dev.runnel.s3;

import dev.runnel.store.ObjectInfo;
import dev.runnel.store.StoreException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects of a listing, fetched page by page as they are asked for. Their times are those of the uploads. */
final class S3Listing implements Iterator<ObjectInfo> {
    private final S3Client client;
    private final S3Requests requests;
    private final S3Faults faults;
    private final String place;
    private final String prefix;
    private final Queue<ObjectInfo> page = new ArrayDeque<>();
    private Optional<String> next = Optional.empty();
    private boolean last;

    /**
     * Fetches the first page.
     *
     * @param place what is before every key at the service, and not in the keys that come out
     */
    S3Listing(
            S3Client client, S3Requests requests, S3Faults faults, String place, String prefix, Optional<String> after)
            throws StoreException {
        this.client = client;
        this.requests = requests;
        this.faults = faults;
        this.place = place;
        this.prefix = prefix;
        fetch(after);
    }

    @Override
    public boolean hasNext() {
        while (page.isEmpty() && !last) {
            try {
                fetch(Optional.empty());
            } catch (StoreException e) {
                throw new UncheckedIOException(e);
            }
        }
        return !page.isEmpty();
    }

    @Override
    public ObjectInfo next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.remove();
    }

    private void fetch(Optional<String> after) throws StoreException {
        ListObjectsV2Response response;
        try {
            response = client.listObjectsV2(requests.list(prefix, after, next));
        } catch (SdkException e) {
            throw faults.failed("listing", prefix.isEmpty() ? "the objects" : prefix, e);
        }
        for (S3Object object : response.contents()) {
            if (isOurs(object.key())) {
                page.add(new ObjectInfo(object.key().substring(place.length()), object.size(), object.lastModified()));
            }
        }
        last = !Boolean.TRUE.equals(response.isTruncated());
        next = Optional.ofNullable(response.nextContinuationToken());
        if (!last && next.isEmpty()) {
            throw faults.incomplete(prefix);
        }
    }

    /** What consoles leave to show a folder, and names that no key of ours has, are nobody's objects. */
    private boolean isOurs(String key) {
        return key.startsWith(place) && S3Keys.isKey(key.substring(place.length()));
    }
}

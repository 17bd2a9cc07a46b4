package dev.runnel.s3;

import dev.runnel.store.ObjectInfo;
import dev.runnel.store.StoreException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects of a listing, fetched page by page as they are asked for. Their times are those of the uploads.
 *
 * <p>A replica is empty only if the service says so. A page that is not an answer to the request is an error: no body, no
 * word on whether there is more, keys outside of the prefix, objects without size or time, the same page again.
 */
final class S3Listing implements Iterator<ObjectInfo> {
    private final S3Client client;
    private final S3Requests requests;
    private final S3Faults faults;
    private final String place;
    private final String prefix;
    private final Optional<String> after;
    private final Queue<ObjectInfo> page = new ArrayDeque<>();
    private S3Requests.KeyEncoding encoding = S3Requests.KeyEncoding.URL;
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
        this.after = after;
        fetch();
    }

    @Override
    public boolean hasNext() {
        while (page.isEmpty() && !last) {
            try {
                fetch();
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

    private void fetch() throws StoreException {
        ListObjectsV2Response response = ask();
        if (encoding == S3Requests.KeyEncoding.URL && !isAboutThePrefix(response)) {
            // Some services promise encoded keys and leave a plus in them as it is, which then reads as a space.
            encoding = S3Requests.KeyEncoding.NONE;
            response = ask();
        }
        if (!isAboutThePrefix(response)) {
            throw faults.noAnswer(listing(), "the keys in the response do not start with " + place + prefix);
        }
        for (S3Object object : response.contents()) {
            add(object);
        }
        Optional<String> more = Optional.ofNullable(response.nextContinuationToken());
        last = !response.isTruncated();
        if (!last && (more.isEmpty() || more.equals(next))) {
            throw faults.noAnswer(listing(), "the service says that the listing continues, but not from where");
        }
        next = more;
    }

    private ListObjectsV2Response ask() throws StoreException {
        ListObjectsV2Response response;
        try {
            response = client.listObjectsV2(
                    requests.list(prefix, next.isPresent() ? Optional.empty() : after, next, encoding));
        } catch (SdkException e) {
            throw faults.failed("listing", prefix.isEmpty() ? "the objects" : prefix, e);
        }
        Integer count = response.keyCount();
        if (response.isTruncated() == null
                || (count != null && count > 0 && response.contents().isEmpty())) {
            throw faults.noAnswer(listing(), "the response is not a listing");
        }
        return response;
    }

    private boolean isAboutThePrefix(ListObjectsV2Response response) {
        return response.contents().stream()
                .allMatch(object -> object.key() != null && object.key().startsWith(place + prefix));
    }

    private void add(S3Object object) throws StoreException {
        String key = object.key().substring(place.length());
        // What consoles leave to show a folder, and names that no key of ours has, are not objects of this store.
        if (!S3Keys.isKey(key) || !isAfter(key)) {
            return;
        }
        if (object.size() == null || object.lastModified() == null) {
            throw faults.noAnswer(listing(), "the response does not say the size and the time of " + key);
        }
        page.add(new ObjectInfo(key, object.size(), object.lastModified()));
    }

    /** Services that do not know where to start begin at the beginning. */
    private boolean isAfter(String key) {
        return after.isEmpty()
                || Arrays.compareUnsigned(
                                key.getBytes(StandardCharsets.UTF_8),
                                after.get().getBytes(StandardCharsets.UTF_8))
                        > 0;
    }

    private String listing() {
        return "listing " + (prefix.isEmpty() ? "the objects" : prefix);
    }
}

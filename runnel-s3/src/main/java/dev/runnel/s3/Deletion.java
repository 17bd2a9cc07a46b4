package dev.runnel.s3;

import dev.runnel.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * Deletes objects: many with one request, or one by one where the service has no such request. What is absent counts as
 * deleted; what survives is named.
 */
final class Deletion {
    /** What a service deletes with one request. */
    private static final int AT_ONCE = 1000;

    private final S3Client client;
    private final S3Requests requests;
    private final S3Faults faults;
    private final Dialect dialect;
    private final String place;

    /** @param place what is before every key at the service, and not in the keys that messages name */
    Deletion(S3Client client, S3Requests requests, S3Faults faults, Dialect dialect, String place) {
        this.client = client;
        this.requests = requests;
        this.faults = faults;
        this.dialect = dialect;
        this.place = place;
    }

    void delete(Collection<String> keys) throws StoreException {
        List<String> left = new ArrayList<>(keys);
        while (!left.isEmpty()) {
            List<String> batch = left.subList(0, Math.min(left.size(), AT_ONCE));
            if (dialect.hasBulkDeletion()) {
                deleteAtOnce(batch, left);
            } else {
                deleteOneByOne(batch, left);
            }
            batch.clear();
        }
    }

    /** @param left with the batch at its beginning, all that may still be there when it fails */
    private void deleteAtOnce(List<String> batch, List<String> left) throws StoreException {
        DeleteObjectsResponse response;
        try {
            response = client.deleteObjects(requests.delete(batch));
        } catch (SdkException e) {
            if (!S3Faults.mayLackBulkDeletion(e)) {
                throw faults.failed("deleting", String.join(", ", left), e);
            }
            deleteOneByOne(batch, left);
            // Only now it is known that the request was at fault, and not what it was about.
            dialect.lacksBulkDeletion();
            return;
        }
        List<S3Error> errors = response.errors().stream()
                .filter(error -> !"NoSuchKey".equals(error.code()))
                .toList();
        if (!errors.isEmpty()) {
            throw faults.notDeleted(
                    errors.stream()
                            .map(survivor ->
                                    nameOf(Optional.ofNullable(survivor.key()).orElse("")))
                            .toList(),
                    left.subList(batch.size(), left.size()),
                    errors);
        }
    }

    private void deleteOneByOne(List<String> batch, List<String> left) throws StoreException {
        List<String> survivors = new ArrayList<>();
        Optional<SdkException> fault = Optional.empty();
        for (String key : batch) {
            try {
                client.deleteObject(requests.delete(key));
            } catch (AwsServiceException e) {
                if (!S3Faults.isNotFound(e)) {
                    survivors.add(key);
                    fault = fault.or(() -> Optional.of(e));
                }
            } catch (SdkException e) {
                // The service is unreachable: each further key would take its minute of retries.
                throw faults.failed("deleting", String.join(", ", left), e);
            }
        }
        if (fault.isPresent()) {
            List<String> rest = left.subList(batch.size(), left.size());
            String names = Stream.concat(survivors.stream(), rest.stream()).collect(Collectors.joining(", "));
            throw faults.failed("deleting", names, fault.get());
        }
    }

    private String nameOf(String key) {
        return key.startsWith(place) ? key.substring(place.length()) : key;
    }
}

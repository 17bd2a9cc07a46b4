package dev.runnel.s3;

import dev.runnel.store.ByteRange;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Writes requests: what the settings say goes into every one that has room for it. */
final class S3Requests {
    private static final String ALGORITHM = "AES256";
    private static final String CONTENT_TYPE = "application/octet-stream";

    /** Whether a write is to fail where there is an object already. */
    enum Condition {
        NONE,
        ABSENT;

        Optional<String> ifNoneMatch() {
            return this == ABSENT ? Optional.of("*") : Optional.empty();
        }
    }

    /** How the keys in a listing are written. */
    enum KeyEncoding {
        /** As they are: a key with a character that XML does not know makes the listing unreadable. */
        NONE,
        URL
    }

    private final S3Settings settings;
    private final String prefix;

    /** @param prefix what is before every key at the service */
    S3Requests(S3Settings settings, String prefix) {
        this.settings = settings;
        this.prefix = prefix;
    }

    PutObjectRequest put(String key, Optional<Instant> time, Condition condition) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(settings.bucket())
                .key(prefix + key)
                .contentType(CONTENT_TYPE)
                .metadata(metadata(time));
        settings.storageClass().ifPresent(request::storageClass);
        condition.ifNoneMatch().ifPresent(request::ifNoneMatch);
        switch (settings.encryption()) {
            case ServerEncryption.OfBucket() -> {}
            case ServerEncryption.Kms(String id) ->
                request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(id);
            case ServerEncryption.CustomerKey customer ->
                request.sseCustomerAlgorithm(ALGORITHM)
                        .sseCustomerKey(customer.key())
                        .sseCustomerKeyMD5(customer.md5());
        }
        return request.build();
    }

    CreateMultipartUploadRequest create(String key, Optional<Instant> time) {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(settings.bucket())
                .key(prefix + key)
                .contentType(CONTENT_TYPE)
                .metadata(metadata(time));
        settings.storageClass().ifPresent(request::storageClass);
        switch (settings.encryption()) {
            case ServerEncryption.OfBucket() -> {}
            case ServerEncryption.Kms(String id) ->
                request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(id);
            case ServerEncryption.CustomerKey customer ->
                request.sseCustomerAlgorithm(ALGORITHM)
                        .sseCustomerKey(customer.key())
                        .sseCustomerKeyMD5(customer.md5());
        }
        return request.build();
    }

    UploadPartRequest part(String key, String uploadId, int number) {
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(settings.bucket())
                .key(prefix + key)
                .uploadId(uploadId)
                .partNumber(number);
        if (settings.encryption() instanceof ServerEncryption.CustomerKey customer) {
            request.sseCustomerAlgorithm(ALGORITHM)
                    .sseCustomerKey(customer.key())
                    .sseCustomerKeyMD5(customer.md5());
        }
        return request.build();
    }

    CompleteMultipartUploadRequest complete(
            String key, String uploadId, List<CompletedPart> parts, Condition condition) {
        CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                .bucket(settings.bucket())
                .key(prefix + key)
                .uploadId(uploadId)
                .multipartUpload(upload -> upload.parts(parts));
        condition.ifNoneMatch().ifPresent(request::ifNoneMatch);
        return request.build();
    }

    /** @param fullKey the key as the service knows it */
    AbortMultipartUploadRequest abort(String fullKey, String uploadId) {
        return AbortMultipartUploadRequest.builder()
                .bucket(settings.bucket())
                .key(fullKey)
                .uploadId(uploadId)
                .build();
    }

    ListMultipartUploadsRequest uploads(Optional<String> afterKey, Optional<String> afterUpload) {
        return ListMultipartUploadsRequest.builder()
                .bucket(settings.bucket())
                .prefix(prefix)
                .keyMarker(afterKey.orElse(null))
                .uploadIdMarker(afterUpload.orElse(null))
                .build();
    }

    /** @param range not empty */
    GetObjectRequest get(String key, ByteRange range) {
        boolean open = range.length() > Long.MAX_VALUE - range.offset();
        GetObjectRequest.Builder request = GetObjectRequest.builder()
                .bucket(settings.bucket())
                .key(prefix + key)
                .range("bytes=" + range.offset() + "-" + (open ? "" : range.offset() + range.length() - 1));
        if (settings.encryption() instanceof ServerEncryption.CustomerKey customer) {
            request.sseCustomerAlgorithm(ALGORITHM)
                    .sseCustomerKey(customer.key())
                    .sseCustomerKeyMD5(customer.md5());
        }
        return request.build();
    }

    HeadObjectRequest head(String key) {
        HeadObjectRequest.Builder request =
                HeadObjectRequest.builder().bucket(settings.bucket()).key(prefix + key);
        if (settings.encryption() instanceof ServerEncryption.CustomerKey customer) {
            request.sseCustomerAlgorithm(ALGORITHM)
                    .sseCustomerKey(customer.key())
                    .sseCustomerKeyMD5(customer.md5());
        }
        return request.build();
    }

    ListObjectsV2Request list(
            String keyPrefix, Optional<String> after, Optional<String> continuation, KeyEncoding encoding) {
        return ListObjectsV2Request.builder()
                .bucket(settings.bucket())
                .prefix(prefix + keyPrefix)
                .encodingType(encoding == KeyEncoding.URL ? EncodingType.URL : null)
                .startAfter(after.map(key -> prefix + key).orElse(null))
                .continuationToken(continuation.orElse(null))
                .build();
    }

    DeleteObjectRequest delete(String key) {
        return DeleteObjectRequest.builder()
                .bucket(settings.bucket())
                .key(prefix + key)
                .build();
    }

    DeleteObjectsRequest delete(Collection<String> keys) {
        List<ObjectIdentifier> objects = keys.stream()
                .map(key -> ObjectIdentifier.builder().key(prefix + key).build())
                .toList();
        return DeleteObjectsRequest.builder()
                .bucket(settings.bucket())
                .delete(Delete.builder().objects(objects).quiet(true).build())
                .build();
    }

    private static Map<String, String> metadata(Optional<Instant> time) {
        return time.map(ObjectTime::toMetadata).orElse(Map.of());
    }
}

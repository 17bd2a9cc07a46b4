package dev.runnel.s3;

import dev.runnel.s3.S3Requests.Condition;
import dev.runnel.store.PutOptions;
import dev.runnel.store.PutOptions.Existing;
import dev.runnel.store.StoreException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Puts an object with one request, on the condition that there is none if that is wanted. */
record SmallPut(S3Client client, S3Requests requests, S3Faults faults, Dialect dialect) {
    void put(String key, Content content, PutOptions options) throws StoreException {
        try {
            if (options.existing() == Existing.KEEP_AND_FAIL) {
                putIfAbsent(key, content, options);
            } else {
                send(key, content, options, Condition.NONE);
            }
        } catch (SdkException e) {
            throw faults.failed("writing", key, e);
        }
    }

    private void putIfAbsent(String key, Content content, PutOptions options) throws StoreException {
        if (!dialect.areKept() && isThere(key)) {
            throw new StoreException.Exists(faults.location(), key);
        }
        Condition condition = dialect.absent();
        try {
            send(key, content, options, condition);
        } catch (SdkException e) {
            if (condition == Condition.ABSENT && S3Faults.isNotImplemented(e)) {
                dialect.notKept();
                send(key, content, options, Condition.NONE);
                return;
            }
            if (condition == Condition.NONE || !S3Faults.isTaken(e)) {
                throw e;
            }
            dialect.kept();
            if (e.numAttempts() > 1 && isOurs(key, content)) {
                // The first attempt was done, and only its answer was lost.
                return;
            }
            throw new StoreException.Exists(faults.location(), key);
        }
        dialect.findOut(() -> putAgain(key, content, options));
    }

    /** The same once more, which must be refused, or the service does not keep what it accepts. */
    private void putAgain(String key, Content content, PutOptions options) {
        try {
            send(key, content, options, Condition.ABSENT);
            dialect.notKept();
        } catch (SdkException e) {
            if (!S3Faults.isTaken(e)) {
                throw e;
            }
            dialect.kept();
        }
    }

    private void send(String key, Content content, PutOptions options, Condition condition) {
        String tag = client.putObject(requests.put(key, options.time(), condition), content.toSend())
                .eTag();
        if (tag == null) {
            // Every S3 service names what it has stored; a page that a gateway answers with does not.
            throw S3Faults.noTag("it has no ETag");
        }
    }

    private boolean isThere(String key) {
        try {
            client.headObject(requests.head(key));
            return true;
        } catch (SdkException e) {
            if (S3Faults.isNotFound(e)) {
                return false;
            }
            throw e;
        }
    }

    private boolean isOurs(String key, Content content) {
        HeadObjectResponse head = client.headObject(requests.head(key));
        return head.contentLength() == content.size() && head.eTag().equals("\"" + md5(content) + "\"");
    }

    private static String md5(Content content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(content.bytes(), 0, content.size());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}

package dev.runnel.s3;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** How the service is to encrypt objects. */
public sealed interface ServerEncryption {
    /** As the bucket says. */
    record OfBucket() implements ServerEncryption {}

    /** With a key of the service's key management. */
    record Kms(String keyId) implements ServerEncryption {}

    /**
     * With a key that is sent along with every request and not kept (SSE-C).
     *
     * @param key 32 bytes in base 64
     */
    record CustomerKey(String key) implements ServerEncryption {
        private static final int SIZE = 32;

        /** Checks the key, and never shows it. */
        public CustomerKey {
            int size = decoded(key).length;
            if (size != SIZE) {
                throw new IllegalArgumentException(
                        "sse-customer-key must be 256-bit (32 bytes) when decoded, got " + size + " bytes");
            }
        }

        /** MD5 of the key in base 64. */
        String md5() {
            try {
                return Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("MD5").digest(decoded(key)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has MD5", e);
            }
        }

        private static byte[] decoded(String key) {
            try {
                return Base64.getDecoder().decode(key.getBytes(StandardCharsets.US_ASCII));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("sse-customer-key must be valid base64", e);
            }
        }

        @Override
        public String toString() {
            return "CustomerKey[...]";
        }
    }
}

package dev.runnel.s3;

import java.net.URI;
import java.util.Optional;

/**
 * What requests to a service need, whatever the bucket: stores that have it in common share connections.
 *
 * @param region where the bucket is; empty to find out
 * @param endpoint the service; empty for Amazon's
 * @param access empty for what the environment has
 */
record S3Connection(
        Optional<String> region,
        Optional<URI> endpoint,
        Addressing addressing,
        Certificates certificates,
        Payload payload,
        DeleteChecksum deleteChecksum,
        Optional<AccessKey> access) {
    /** Where the bucket stands in a URL. */
    enum Addressing {
        PATH,
        VIRTUAL_HOST
    }

    /** Whether the certificate of the service counts. */
    enum Certificates {
        VERIFIED,
        IGNORED
    }

    /** Whether the signature covers what is sent. Over plain http it always does. */
    enum Payload {
        SIGNED,
        UNSIGNED
    }

    /** What accompanies the list of keys to be deleted: the library's CRC-32, and Content-MD5 before it. */
    enum DeleteChecksum {
        CONTENT_MD5,
        CRC32
    }

    /** A key that was given in the configuration. */
    record AccessKey(String id, String secret) {
        @Override
        public String toString() {
            return "AccessKey[" + id + "]";
        }
    }

    S3Provider provider() {
        return S3Provider.at(endpoint);
    }
}

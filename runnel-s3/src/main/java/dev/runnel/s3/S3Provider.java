package dev.runnel.s3;

import java.net.URI;
import java.util.Optional;

/** A service that needs other defaults than the rest; recognised by the host of its endpoint. */
enum S3Provider {
    AWS,
    TIGRIS,
    R2,
    /** Everything else that has an endpoint. */
    OTHER;

    /** Who answers at an endpoint; without one it is Amazon. */
    static S3Provider at(Optional<URI> endpoint) {
        String host = endpoint.map(S3Endpoint::host).orElse("");
        if (endpoint.isEmpty() || host.endsWith(".amazonaws.com")) {
            return AWS;
        }
        if (host.equals("fly.storage.tigris.dev") || host.equals("t3.storage.dev")) {
            return TIGRIS;
        }
        return host.endsWith(".r2.cloudflarestorage.com") ? R2 : OTHER;
    }

    /** Whether Content-MD5 accompanies a deletion of many. */
    boolean wantsContentMd5() {
        return this != TIGRIS;
    }

    /** Parts of an upload on the way at a time. */
    int concurrency() {
        return this == R2 ? 2 : 5;
    }

    /** Whether all parts of an upload but the last must have one size. */
    boolean wantsEqualParts() {
        return this == R2;
    }
}

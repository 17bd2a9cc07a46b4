package dev.runnel.s3;

import java.io.ByteArrayInputStream;
import software.amazon.awssdk.core.sync.RequestBody;

/** The first {@code size} of some bytes, which no longer change. */
@SuppressWarnings("ArrayRecordComponent")
record Content(byte[] bytes, int size) {
    private static final String TYPE = "application/octet-stream";

    /** To be sent, as often as it takes, without a copy. */
    RequestBody toSend() {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, size), size, TYPE);
    }
}

package dev.runnel.s3;

import dev.runnel.platform.ArrayInput;
import dev.runnel.store.StoreException;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The content of a response, held to the length that was announced. Closed before its end, it drops the connection
 * instead of reading the rest.
 */
final class S3Input extends ArrayInput {
    private final ResponseInputStream<GetObjectResponse> content;
    private final S3Faults faults;
    private final String key;
    private final long announced;
    private long count;
    private boolean ended;

    S3Input(ResponseInputStream<GetObjectResponse> content, S3Faults faults, String key) {
        this.content = content;
        this.faults = faults;
        this.key = key;
        Long length = content.response().contentLength();
        this.announced = length == null ? -1 : length;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws StoreException {
        int got;
        try {
            got = content.read(into, offset, length);
        } catch (IOException e) {
            throw faults.reading(key, e);
        } catch (SdkException e) {
            throw faults.failed("reading", key, e);
        }
        if (got < 0) {
            ended = true;
            if (announced >= 0 && count != announced) {
                throw faults.reading(key, new IOException("it ended after " + count + " of " + announced + " bytes"));
            }
        } else {
            count += got;
        }
        return got;
    }

    @Override
    public void close() throws StoreException {
        if (!ended && count != announced) {
            content.abort();
        }
        try {
            content.close();
        } catch (IOException e) {
            throw faults.reading(key, e);
        }
    }
}

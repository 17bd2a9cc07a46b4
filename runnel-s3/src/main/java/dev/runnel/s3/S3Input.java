package dev.runnel.s3;

import dev.runnel.platform.ArrayInput;
import dev.runnel.store.ByteRange;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.util.Objects;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The content of a response, held to the length that was announced. Closed before its end, it drops the connection
 * instead of reading the rest.
 */
final class S3Input extends ArrayInput {
    private static final int PARTIAL_CONTENT = 206;

    private final ResponseInputStream<GetObjectResponse> content;
    private final S3Faults faults;
    private final String key;
    private final long announced;
    private final long most;
    private long count;
    private boolean ended;

    private S3Input(ResponseInputStream<GetObjectResponse> content, long most, S3Faults faults, String key) {
        this.content = content;
        this.faults = faults;
        this.key = key;
        this.announced = Objects.requireNonNullElse(content.response().contentLength(), -1L);
        this.most = most;
    }

    /**
     * The part of an object that was asked for. A service may leave a range out of account and send the whole object: that
     * is read only as far as it was asked for, from the beginning.
     *
     * @throws StoreException if the response is about another part
     */
    static S3Input of(ResponseInputStream<GetObjectResponse> content, ByteRange asked, S3Faults faults, String key)
            throws StoreException {
        GetObjectResponse response = content.response();
        String found = Objects.requireNonNullElse(response.contentRange(), "");
        boolean isWhole = response.sdkHttpResponse().statusCode() != PARTIAL_CONTENT;
        boolean isElsewhere = isWhole ? asked.offset() != 0 : !found.isEmpty() && !startsAt(found, asked.offset());
        if (isElsewhere) {
            content.abort();
            throw faults.noAnswer(
                    "reading " + key,
                    "byte " + asked.offset() + " was requested first, but " + (isWhole ? "the whole object" : found)
                            + " came");
        }
        return new S3Input(content, asked.length(), faults, key);
    }

    private static boolean startsAt(String contentRange, long offset) {
        return contentRange.strip().replaceFirst("^bytes[ =]", "").startsWith(offset + "-");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws StoreException {
        if (count == most && length > 0) {
            return -1;
        }
        int got;
        try {
            got = content.read(into, offset, (int) Math.min(length, most - count));
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

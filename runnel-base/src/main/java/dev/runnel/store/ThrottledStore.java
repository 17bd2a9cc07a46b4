package dev.runnel.store;

import dev.runnel.platform.ArrayInput;
import dev.runnel.platform.Clock;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Asks no more of a store than its limits allow; callers wait their turn. */
public final class ThrottledStore implements ObjectStore {
    private final ObjectStore inner;
    private final Optional<TokenBucket> requests;
    private final Optional<TokenBucket> bytes;

    public ThrottledStore(ObjectStore inner, RateLimits limits, Clock clock) {
        this.inner = inner;
        this.requests = bucket(limits.requestsPerSecond(), clock);
        this.bytes = bucket(limits.bytesPerSecond(), clock);
    }

    private static Optional<TokenBucket> bucket(OptionalLong perSecond, Clock clock) {
        return perSecond.isPresent() ? Optional.of(new TokenBucket(clock, perSecond.getAsLong())) : Optional.empty();
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        take(requests, 1, "listing " + prefix);
        return inner.list(prefix, after);
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        take(requests, 1, "reading " + key);
        InputStream in = inner.open(key, range);
        return bytes.isEmpty() ? in : new SlowInput(in, key);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws StoreException {
        take(requests, 1, "looking up " + key);
        return inner.stat(key);
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        take(requests, 1, "writing " + key);
        return inner.put(key, bytes.isEmpty() ? body : new SlowBody(body, key), options);
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        take(requests, 1, "deleting");
        inner.delete(keys);
    }

    @Override
    public String location() {
        return inner.location();
    }

    private void take(Optional<TokenBucket> bucket, long tokens, String what) throws StoreException {
        if (bucket.isEmpty()) {
            return;
        }
        try {
            bucket.get().take(tokens);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for its turn");
            interrupted.initCause(e);
            throw new StoreException.Unavailable(location(), what, interrupted);
        }
    }

    private final class SlowInput extends ArrayInput {
        private final InputStream in;
        private final String key;

        SlowInput(InputStream in, String key) {
            this.in = in;
            this.key = key;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = in.read(into, offset, length);
            take(bytes, Math.max(0, count), "reading " + key);
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private final class SlowBody implements Body {
        private final Body body;
        private final String key;

        SlowBody(Body body, String key) {
            this.body = body;
            this.key = key;
        }

        @Override
        public OptionalLong length() {
            return body.length();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            body.writeTo(new FilterOutputStream(out) {
                @Override
                public void write(int octet) throws IOException {
                    take(bytes, 1, "writing " + key);
                    out.write(octet);
                }

                @Override
                public void write(byte[] content, int offset, int length) throws IOException {
                    take(bytes, length, "writing " + key);
                    out.write(content, offset, length);
                }
            });
        }
    }
}

package dev.runnel.testkit.store;

import dev.runnel.platform.ArrayInput;
import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A store that fails and lies on request. Nothing is wrong with it until a test says so.
 *
 * <p>Faults are {@link StoreException.Unavailable}. A fault that comes after an operation is the ambiguous one: the caller
 * is told of a failure, and the work is done.
 */
public final class FaultyStore implements ObjectStore {
    private static final Fault NONE = new Fault(Set.of(), Moment.BEFORE, 0, 0);

    private final ObjectStore inner;
    private Fault fault = NONE;
    private long calls;
    private int longestRead = Integer.MAX_VALUE;
    private UnaryOperator<List<ObjectInfo>> listings = UnaryOperator.identity();

    public FaultyStore(ObjectStore inner) {
        this.inner = inner;
    }

    /** When a fault comes: instead of the operation, while its bytes move, or when it is done. */
    public enum Moment {
        BEFORE,
        DURING,
        AFTER
    }

    /**
     * Which calls fail.
     *
     * @param among the operations that are counted
     * @param first the number of the first that fails, from 1
     * @param last the number of the last that fails
     */
    public record Fault(Set<StoreOperation> among, Moment moment, long first, long last) {
        public Fault {
            among = Set.copyOf(among);
        }

        /** One call fails. */
        public static Fault once(StoreOperation operation, Moment moment, long number) {
            return new Fault(Set.of(operation), moment, number, number);
        }

        /** One call of whatever operation fails. */
        public static Fault onceOfAll(Moment moment, long number) {
            return new Fault(Set.of(StoreOperation.values()), moment, number, number);
        }

        /** Every call fails. */
        public static Fault always(StoreOperation operation, Moment moment) {
            return new Fault(Set.of(operation), moment, 1, Long.MAX_VALUE);
        }
    }

    /** Injects a fault, counted from now on, in place of the one before. */
    public synchronized void inject(Fault next) {
        fault = next;
        calls = 0;
    }

    /** No fault and no lie from now on. */
    public synchronized void heal() {
        inject(NONE);
        longestRead = Integer.MAX_VALUE;
        listings = UnaryOperator.identity();
    }

    /** The operations since a fault was injected, of those that it counts. */
    public synchronized long calls() {
        return calls;
    }

    /** Whether the injected fault has come, the first time at least. */
    public synchronized boolean hasFailed() {
        return calls >= fault.first && fault.first > 0;
    }

    /** No read gives more bytes than this, which a reader has to live with. */
    public synchronized void shortReads(int most) {
        longestRead = most;
    }

    /** What listings show in place of what is there. */
    public synchronized void listings(UnaryOperator<List<ObjectInfo>> lie) {
        listings = lie;
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        Optional<Moment> moment = enter(StoreOperation.LIST, prefix);
        List<ObjectInfo> found;
        try (Stream<ObjectInfo> listing = inner.list(prefix, after)) {
            found = lie().apply(listing.toList());
        }
        if (moment.isEmpty()) {
            return found.stream();
        }
        return IntStream.rangeClosed(0, found.size() / 2).mapToObj(i -> {
            if (i == found.size() / 2) {
                throw new UncheckedIOException(failure(StoreOperation.LIST, prefix));
            }
            return found.get(i);
        });
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        Optional<Moment> moment = enter(StoreOperation.OPEN, key);
        return new FaultyInput(inner.open(key, range), key, moment.isPresent());
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws StoreException {
        Optional<Moment> moment = enter(StoreOperation.STAT, key);
        Optional<ObjectInfo> found = inner.stat(key);
        leave(moment, StoreOperation.STAT, key);
        return found;
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        Optional<Moment> moment = enter(StoreOperation.PUT, key);
        if (moment.equals(Optional.of(Moment.DURING))) {
            return putBrokenOff(key, body, options);
        }
        ObjectInfo stored = inner.put(key, body, options);
        leave(moment, StoreOperation.PUT, key);
        return stored;
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        Optional<Moment> moment = enter(StoreOperation.DELETE, String.join(", ", keys));
        inner.delete(
                moment.equals(Optional.of(Moment.DURING))
                        ? keys.stream().limit(1).toList()
                        : keys);
        leave(moment, StoreOperation.DELETE, String.join(", ", keys));
    }

    @Override
    public String location() {
        return inner.location();
    }

    /** Counts a call; fails it if it is to fail before it begins, else says how it is to fail. */
    private synchronized Optional<Moment> enter(StoreOperation operation, String what) throws StoreException {
        if (!fault.among.contains(operation)) {
            return Optional.empty();
        }
        calls++;
        if (calls < fault.first || calls > fault.last) {
            return Optional.empty();
        }
        if (fault.moment == Moment.BEFORE) {
            throw failure(operation, what);
        }
        return Optional.of(fault.moment);
    }

    private void leave(Optional<Moment> moment, StoreOperation operation, String what) throws StoreException {
        if (moment.isPresent()) {
            throw failure(operation, what);
        }
    }

    private synchronized UnaryOperator<List<ObjectInfo>> lie() {
        return listings;
    }

    private synchronized int longestRead() {
        return longestRead;
    }

    private StoreException failure(StoreOperation operation, String what) {
        return new StoreException.Unavailable(location(), operation + " " + what, new IOException("injected fault"));
    }

    /** The store gets half of the content, as from a connection that broke. */
    private ObjectInfo putBrokenOff(String key, Body body, PutOptions options) throws StoreException {
        Body half = Bodies.written(out -> {
            body.writeTo(new Half(out, body.length().orElse(2) / 2));
            throw new IOException("broken off");
        });
        try {
            return inner.put(key, half, options);
        } catch (StoreException.BodyFailed e) {
            throw failure(StoreOperation.PUT, key);
        }
    }

    /** Lets only so many bytes through. */
    private static final class Half extends FilterOutputStream {
        private long left;

        Half(OutputStream out, long left) {
            super(out);
            this.left = left;
        }

        @Override
        public void write(int octet) throws IOException {
            if (left-- <= 0) {
                throw new IOException("broken off");
            }
            out.write(octet);
        }
    }

    private final class FaultyInput extends ArrayInput {
        private final InputStream in;
        private final String key;
        private final boolean breaksOff;
        private long given;

        FaultyInput(InputStream in, String key, boolean breaksOff) {
            this.in = in;
            this.key = key;
            this.breaksOff = breaksOff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (breaksOff && given > 0) {
                throw failure(StoreOperation.OPEN, key);
            }
            int most = breaksOff ? 1 : longestRead();
            int count = in.read(into, offset, Math.min(length, most));
            given += Math.max(count, 0);
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

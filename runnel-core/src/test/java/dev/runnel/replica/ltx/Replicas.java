package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.store.Bodies;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;

/** What the tests of the {@code ltx} layout do to replicas. */
final class Replicas {
    static final LtxKeys KEYS = LtxKeys.folder();

    private Replicas() {}

    /** A replica as a process that has just started sees it. */
    static LtxReplica open(ObjectStore store) {
        return open(store, LtxPolicy.DEFAULT, Clock.system());
    }

    static LtxReplica open(ObjectStore store, LtxPolicy policy, Clock clock) {
        BaselineEncoding encoding = new BaselineEncoding(ForkJoinPool.commonPool(), 2, () -> {
            throw new IOException("a small file needs no scratch");
        });
        return new LtxReplica(store, KEYS, encoding, policy, clock);
    }

    static String key(int level, long min, long max) {
        return KEYS.key(level, ModelDatabase.range(min, max));
    }

    static byte[] read(ObjectStore store, String key) throws IOException {
        try (InputStream in = store.open(key, ByteRange.ALL)) {
            return in.readAllBytes();
        }
    }

    /** Puts bytes under a key, whatever is there. */
    static void plant(ObjectStore store, String key, byte[] content) throws IOException {
        store.put(key, Bodies.of(content), PutOptions.replace(ModelDatabase.ORIGIN));
    }

    /** Cuts an object short. */
    static void cut(ObjectStore store, String key, int size) throws IOException {
        plant(store, key, Arrays.copyOf(read(store, key), size));
    }

    static List<ObjectInfo> objects(ObjectStore store) throws IOException {
        try (Stream<ObjectInfo> listing = store.list("", Optional.empty())) {
            return listing.toList();
        }
    }

    /** The database that the files of a plan give, applied one after the other. */
    static byte[] restore(ObjectStore store, RestorePlan plan) throws IOException {
        byte[] database = new byte[0];
        for (PlannedFile file : plan.files()) {
            database = apply(store, file.key(), file.range(), database);
        }
        return database;
    }

    private static byte[] apply(ObjectStore store, String key, TxidRange range, byte[] database) throws IOException {
        try (InputStream in = store.open(key, ByteRange.ALL)) {
            LtxDecoder decoder = LtxDecoder.open(key, in);
            if (!decoder.header().txids().equals(range)) {
                throw new IOException(key + " holds " + decoder.header().txids());
            }
            int pageSize = decoder.header().pageSize().bytes();
            byte[] after = Arrays.copyOf(database, decoder.header().commit() * pageSize);
            decoder.readTo(
                    (number, data, offset) -> System.arraycopy(data, offset, after, (number - 1) * pageSize, pageSize));
            return after;
        }
    }
}

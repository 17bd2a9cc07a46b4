package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.Body;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** A store that takes a merged file, and then says that it did not. */
final class AmbiguousMergeTest {
    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final MemoryStore memory = new MemoryStore(clock);
    private final ModelDatabase database = new ModelDatabase(new Random(5), ModelDatabase.LINEAGE, new PageSize(512));

    @Test
    void whatWasPutAfterAllIsNotPutAgainInAnotherCut() throws Exception {
        BaselineEncoding encoding = new BaselineEncoding(ForkJoinPool.commonPool(), 2, Scratch.none());
        ObjectStore store = new SaysNo(memory);
        SimulatedReplication engine = new SimulatedReplication(
                database,
                clock,
                ListingIntervals.SELDOM,
                DatabaseSpec.DEFAULT_LOG_LIMIT,
                () -> new LtxReplica(store, LtxKeys.folder(), encoding, LtxPolicy.DEFAULT, clock));
        for (int i = 0; i < 60; i++) {
            engine.run(Duration.ofSeconds(3));
            engine.commit();
        }
        List<HistoryObject> merged = new LtxCatalogue(memory, LtxKeys.folder())
                .list().stream().filter(file -> file.level() == 1).toList();
        assertThat(merged).hasSizeGreaterThan(3);
        for (int i = 1; i < merged.size(); i++) {
            assertThat(merged.get(i).min())
                    .as("%s", merged)
                    .isEqualTo(merged.get(i - 1).max().next());
        }
    }

    /** Fails each other put of a merged file, when it is done. */
    private static final class SaysNo extends ForwardingStore {
        private int puts;

        SaysNo(ObjectStore inner) {
            super(inner);
        }

        @Override
        public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
            ObjectInfo stored = super.put(key, body, options);
            if (key.startsWith("ltx/1/") && puts++ % 2 == 0) {
                throw new StoreException.Unavailable(location(), "PUT " + key, new IOException("no answer"));
            }
            return stored;
        }
    }
}

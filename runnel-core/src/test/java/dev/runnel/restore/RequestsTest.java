package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.ModelHistory.Proofs;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a restore asks a store for. */
class RequestsTest {
    private static final String BASELINE = "ltx/9/0000000000000001-0000000000000001.ltx";
    private static final String HALF = "ltx/0/0000000000000002-0000000000000002.ltx";
    private static final String SMALL = "ltx/0/0000000000000003-0000000000000003.ltx";
    private static final int PAGES = 600;
    private static final int PAGE_SIZE = 4096;

    private final Counting store = new Counting(new MemoryStore(Clock.system()));

    @Test
    void eachPageOfAProvenPlanMovesOnce() throws IOException {
        ModelHistory history = history(Proofs.WITH);

        Images.Image image = Images.read(Restores.replica(store), new RestoreTarget.Latest());

        assertThat(image.bytes()).isEqualTo(history.imageAt(new Txid(3)));
        long all = PAGES * (PAGE_SIZE + 50L);
        assertThat(store.bytes(BASELINE)).isBetween(all / 2 - 100_000, all / 2 + 100_000);
        assertThat(store.bytes(HALF)).isBetween(all / 2 - 100_000, all / 2 + 100_000);
        assertThat(image.runs()).isEqualTo(3);
    }

    @Test
    void aSmallFileIsFetchedWholeByOneRequestAndALargeOneByItsHeaderItsIndexAndRuns() throws IOException {
        history(Proofs.WITH);

        Images.read(Restores.replica(store), new RestoreTarget.Latest());

        assertThat(store.requests(SMALL)).isEqualTo(1);
        assertThat(store.requests(BASELINE)).isEqualTo(3);
    }

    @Test
    void everyFileWithoutAProofIsReadFromEndToEndAndOnce() throws IOException {
        history(Proofs.WITHOUT);
        Map<String, Long> sizes = new HashMap<>();
        store.list("", Optional.empty()).forEach(object -> sizes.put(object.key(), object.size()));

        Images.read(Restores.replica(store), new RestoreTarget.Latest());

        assertThat(store.bytes(SMALL)).isEqualTo(sizes.get(SMALL));
        assertThat(store.bytes(HALF) - 100).isEqualTo(sizes.get(HALF));
        assertThat(store.bytes(BASELINE) - 100).as("but for the header").isEqualTo(sizes.get(BASELINE));
    }

    /** A large baseline, a large change set with the first half of the pages, and a small one. */
    private ModelHistory history(Proofs proofs) throws IOException {
        ModelHistory history = new ModelHistory(store, new PageSize(PAGE_SIZE), proofs);
        history.baseline(history.change(PAGES, pages(1, PAGES)));
        history.ship(history.change(PAGES, pages(1, PAGES / 2)));
        history.ship(history.change(PAGES, pages(7, 7)));
        return history;
    }

    private static Map<Integer, byte[]> pages(int first, int last) {
        Map<Integer, byte[]> pages = new HashMap<>();
        for (int number = first; number <= last; number++) {
            byte[] page = new byte[PAGE_SIZE];
            new Random(number).nextBytes(page);
            pages.put(number, page);
        }
        return pages;
    }

    /** Counts what is opened, and the bytes that are read from it. */
    private static final class Counting extends ForwardingStore {
        private final Map<String, Integer> opened = new HashMap<>();
        private final Map<String, Long> read = new HashMap<>();

        Counting(ObjectStore store) {
            super(store);
        }

        int requests(String key) {
            return opened.getOrDefault(key, 0);
        }

        long bytes(String key) {
            return read.getOrDefault(key, 0L);
        }

        @Override
        public InputStream open(String key, ByteRange range) throws StoreException {
            opened.merge(key, 1, Integer::sum);
            return new FilterInputStream(super.open(key, range)) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int count = super.read(into, offset, length);
                    read.merge(key, Math.max(0L, count), Long::sum);
                    return count;
                }
            };
        }
    }
}

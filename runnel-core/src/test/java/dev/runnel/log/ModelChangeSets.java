package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ledger.PageEntries;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.WalPosition;
import dev.runnel.testkit.oracle.DatabaseSum;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Random change sets as capture hands them to the log and the ledger, and the state after each, in plain maps. */
public final class ModelChangeSets {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long LINEAGE = 0x1122334455667788L;

    private static final byte[] NO_PAGE = new byte[0];

    private final PageSize pageSize;
    private final int maxPages;
    private final Random random;
    private final List<State> states = new ArrayList<>();

    /** The database as of one TXID, and the change that led there. */
    public record State(
            PageSize pageSize,
            Txid txid,
            int pageCount,
            SortedMap<Integer, byte[]> pages,
            SortedMap<Integer, Txid> changedAt,
            SortedMap<Integer, byte[]> change) {

        public long databaseChecksum() {
            return DatabaseSum.of(pages);
        }

        public long checksum(int page) {
            return DatabaseSum.ofPage(page, pages.getOrDefault(page, NO_PAGE));
        }

        /** The same database, with every page taken for changed by its TXID. */
        public State asIfAllChanged() {
            SortedMap<Integer, Txid> now = new TreeMap<>(changedAt);
            now.replaceAll((page, before) -> txid);
            return new State(pageSize, txid, pageCount, pages, now, change);
        }

        public Instant time() {
            return START.plusMillis(txid.value() * 100);
        }

        public LtxHeader header() {
            Proof proof = new Proof(databaseChecksum(), LINEAGE);
            return LtxHeader.of(pageSize, pageCount, TxidRange.of(txid), time(), Optional.of(proof));
        }

        public SourcePosition position() {
            int n = (int) txid.value();
            Optional<WalPosition> wal =
                    n % 3 == 0 ? Optional.empty() : Optional.of(new WalPosition(n, -n, n * 7, n * 11, ~n));
            return new SourcePosition(wal, new FileIdentity(64, n, (long) pageCount * pageSize.bytes(), -n));
        }

        public void writeTo(PageSink sink) throws IOException {
            for (Map.Entry<Integer, byte[]> page : change.entrySet()) {
                sink.page(page.getKey(), page.getValue(), 0);
            }
        }

        public PageEntries entries() {
            return sink -> {
                for (int page : change.keySet()) {
                    sink.entry(page, checksum(page));
                }
            };
        }

        /** Holds a change set of the log against the change. */
        public void assertIsIn(LogFile file) throws IOException {
            List<Integer> found = new ArrayList<>();
            int size = pageSize.bytes();
            file.readPages((number, data, offset) -> {
                found.add(number);
                byte[] expected = change.getOrDefault(number, NO_PAGE);
                assertThat(Arrays.mismatch(data, offset, offset + size, expected, 0, expected.length))
                        .as("page %d of %s", number, file)
                        .isEqualTo(-1);
            });
            assertThat(found).isEqualTo(List.copyOf(change.keySet()));
            assertThat(file.txid()).isEqualTo(txid);
            assertThat(file.at()).isEqualTo(position());
            assertThat(file.time()).isEqualTo(time());
            assertThat(file.pageSize()).isEqualTo(pageSize);
            assertThat(file.pageCount()).isEqualTo(pageCount);
            assertThat(file.proof()).isEqualTo(new Proof(databaseChecksum(), LINEAGE));
        }
    }

    /** An empty database; it stays below a size, in pages. */
    public ModelChangeSets(PageSize pageSize, int maxPages, Random random) {
        this.pageSize = pageSize;
        this.maxPages = maxPages;
        this.random = random;
        states.add(new State(pageSize, Txid.NONE, 0, new TreeMap<>(), new TreeMap<>(), new TreeMap<>()));
    }

    public State newest() {
        return states.getLast();
    }

    public State at(Txid txid) {
        return states.get((int) txid.value());
    }

    /** Goes back to a TXID, as a change set that was never acknowledged may be lost. */
    public void forgetAfter(Txid txid) {
        while (newest().txid().isAfter(txid)) {
            states.removeLast();
        }
    }

    /** Changes some pages; grows or shrinks at times. */
    public State change() {
        State old = newest();
        Txid txid = old.txid().next();
        int pageCount = nextPageCount(old.pageCount());
        SortedMap<Integer, byte[]> change = new TreeMap<>();
        for (int page = 1; page <= pageCount; page++) {
            boolean isNew = page > old.pageCount();
            if (page != pageSize.lockPage() && (isNew || random.nextInt(4) == 0)) {
                change.put(page, content());
            }
        }
        SortedMap<Integer, byte[]> pages = new TreeMap<>(old.pages().headMap(pageCount + 1));
        SortedMap<Integer, Txid> changedAt = new TreeMap<>(old.changedAt().headMap(pageCount + 1));
        pages.putAll(change);
        change.keySet().forEach(page -> changedAt.put(page, txid));
        State next = new State(pageSize, txid, pageCount, pages, changedAt, change);
        states.add(next);
        return next;
    }

    private int nextPageCount(int pageCount) {
        return switch (random.nextInt(6)) {
            case 0 -> 1 + random.nextInt(maxPages);
            case 1 -> Math.min(maxPages, pageCount + 1 + random.nextInt(3));
            case 2 -> Math.max(1, pageCount - 1 - random.nextInt(3));
            default -> Math.max(1, pageCount);
        };
    }

    /** Half compressible, as pages are. */
    private byte[] content() {
        byte[] half = new byte[pageSize.bytes() / 2];
        random.nextBytes(half);
        byte[] content = new byte[pageSize.bytes()];
        System.arraycopy(half, 0, content, random.nextInt(half.length), half.length);
        return content;
    }
}

package dev.runnel.replica.ltx;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxEncoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.Changes;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.replica.SelectedImage;
import dev.runnel.testkit.store.Bodies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A database of small pages that remembers each of its states, and so can give any LTX file, difference and image. */
public final class ModelDatabase {
    public static final Instant ORIGIN = Instant.parse("2026-11-21T09:00:00Z");
    public static final long LINEAGE = 0x1234567890abcdefL;

    /** Unless told otherwise. */
    private static final int MOST_PAGES = 12;

    private static final Scratch NO_SCRATCH = () -> {
        throw new IOException("a small file needs no scratch");
    };

    private final NavigableMap<Long, byte[][]> states = new TreeMap<>();
    private final Map<Long, Instant> times = new HashMap<>();
    private final Random random;
    private final long lineage;
    private final PageSize pageSize;
    private final int mostPages;

    ModelDatabase(Random random) {
        this(random, LINEAGE);
    }

    ModelDatabase(Random random, long lineage) {
        this(random, lineage, new PageSize(512));
    }

    public ModelDatabase(Random random, long lineage, PageSize pageSize) {
        this(random, lineage, pageSize, MOST_PAGES);
    }

    /** @param mostPages it never has more */
    public ModelDatabase(Random random, long lineage, PageSize pageSize, int mostPages) {
        this.random = random;
        this.lineage = lineage;
        this.pageSize = pageSize;
        this.mostPages = mostPages;
        states.put(0L, new byte[0][]);
    }

    public long newest() {
        return states.lastKey();
    }

    /** A transaction: grows or shrinks the database, and changes some pages. Gives the new TXID. */
    long commit() {
        return commitAs(newest() + 1);
    }

    /** The same at the time that a clock shows, which may have been set back. */
    public long commitAt(Instant time) {
        long txid = commit();
        times.put(txid, time);
        return txid;
    }

    /** The same under a TXID of the caller's choice, above all others. */
    long commitAs(long txid) {
        byte[][] before = states.lastEntry().getValue();
        byte[][] after = Arrays.copyOf(before, 1 + random.nextInt(mostPages));
        for (int i = 0; i < after.length; i++) {
            if (i >= before.length || random.nextInt(4) == 0) {
                after[i] = new byte[pageSize.bytes()];
                random.nextBytes(after[i]);
            }
        }
        after[0] = firstPage(after[0], txid, after.length);
        states.put(txid, after);
        return txid;
    }

    /** A page 1 that says what every SQLite database says of itself. */
    private byte[] firstPage(byte[] random, long txid, int pageCount) {
        ByteBuffer page = ByteBuffer.allocate(random.length).put(random).rewind();
        page.put("SQLite format 3\0".getBytes(StandardCharsets.US_ASCII));
        page.putShort(16, (short) pageSize.bytes()).put(18, (byte) 2).put(19, (byte) 2);
        page.putInt(24, (int) txid).putInt(28, pageCount).putInt(92, (int) txid);
        return page.array();
    }

    /** A transaction that somebody else has made: what it left. Gives the new TXID. */
    public long commit(long txid, Instant time, byte[] database) {
        byte[][] after = new byte[database.length / pageSize.bytes()][];
        for (int i = 0; i < after.length; i++) {
            after[i] = Arrays.copyOfRange(database, i * pageSize.bytes(), (i + 1) * pageSize.bytes());
        }
        states.put(txid, after);
        times.put(txid, time);
        return txid;
    }

    public byte[] content(long txid) {
        return join(state(txid));
    }

    public Proof proof(long txid) {
        byte[][] pages = state(txid);
        long checksum = Checksums.EMPTY;
        for (int i = 0; i < pages.length; i++) {
            checksum = Checksums.with(checksum, i + 1, Checksums.page(i + 1, pages[i], 0, pageSize.bytes()));
        }
        return new Proof(checksum, lineage);
    }

    public Instant time(long txid) {
        return times.getOrDefault(txid, ORIGIN.plusSeconds(txid));
    }

    /** The change set of one TXID. */
    public Changes changes(long txid) {
        return changes(txid, txid);
    }

    /** What changed from the state before one TXID to the state of another. */
    public Changes changes(long min, long max) {
        byte[] file = file(min, max);
        return new Changes(range(min, max), time(max), Optional.of(proof(max)), Bodies.of(file));
    }

    public byte[] file(long min, long max) {
        NavigableMap<Integer, byte[]> changed =
                changed(states.floorEntry(min - 1).getValue(), state(max));
        return encode(header(range(min, max), max), changed);
    }

    /** The same change set by a writer that adds no proof. */
    byte[] fileWithoutProof(long min, long max) {
        NavigableMap<Integer, byte[]> changed =
                changed(states.floorEntry(min - 1).getValue(), state(max));
        LtxHeader header = LtxHeader.of(pageSize, state(max).length, range(min, max), time(max), Optional.empty());
        return encode(header, changed);
    }

    public DatabaseImage image(long txid) {
        return new ModelImage(txid, changed(new byte[0][], state(txid)));
    }

    /** The newest state: the pages that changed after a TXID. */
    public SelectedImage imageSince(Txid after) {
        byte[][] before = states.floorEntry(after.value()).getValue();
        return new ModelImage(newest(), changed(before, state(newest())));
    }

    /** Some pages of the newest state. */
    public SelectedImage image(Set<Integer> pages) {
        NavigableMap<Integer, byte[]> selected = changed(new byte[0][], state(newest()));
        selected.keySet().retainAll(pages);
        return new ModelImage(newest(), selected);
    }

    /** The pages that a TXID has changed. */
    public NavigableMap<Integer, byte[]> changed(long txid) {
        return changed(states.lowerEntry(txid).getValue(), state(txid));
    }

    /** What the change set of a TXID says of itself. */
    public LtxHeader header(long txid) {
        return header(range(txid, txid), txid);
    }

    public int pageCount(long txid) {
        return state(txid).length;
    }

    /** Forgets the states before a TXID, so that any number of them takes no memory. */
    public void forgetBefore(long txid) {
        states.subMap(1L, txid).clear();
        times.keySet().removeIf(time -> time < txid);
    }

    static TxidRange range(long min, long max) {
        return new TxidRange(new Txid(min), new Txid(max));
    }

    static byte[] join(byte[][] pages) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] page : pages) {
            joined.writeBytes(page);
        }
        return joined.toByteArray();
    }

    private byte[][] state(long txid) {
        byte[][] state = states.get(txid);
        if (state == null) {
            throw new IllegalArgumentException("no state " + txid);
        }
        return state;
    }

    private LtxHeader header(TxidRange range, long txid) {
        return LtxHeader.of(pageSize, state(txid).length, range, time(txid), Optional.of(proof(txid)));
    }

    private static NavigableMap<Integer, byte[]> changed(byte[][] before, byte[][] after) {
        NavigableMap<Integer, byte[]> changed = new TreeMap<>();
        for (int i = 0; i < after.length; i++) {
            if (i >= before.length || !Arrays.equals(before[i], after[i])) {
                changed.put(i + 1, after[i]);
            }
        }
        return changed;
    }

    private static byte[] encode(LtxHeader header, Map<Integer, byte[]> pages) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LtxEncoder encoder = new LtxEncoder(out, header, NO_SCRATCH)) {
            for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                encoder.page(page.getKey(), page.getValue(), 0);
            }
            encoder.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private final class ModelImage implements SelectedImage {
        private final long txid;
        private final Map<Integer, byte[]> pages;
        private boolean read;

        ModelImage(long txid, Map<Integer, byte[]> pages) {
            this.txid = txid;
            this.pages = pages;
        }

        @Override
        public int selectedPages() {
            return pages.size();
        }

        @Override
        public void close() {}

        @Override
        public Txid txid() {
            return new Txid(txid);
        }

        @Override
        public Instant time() {
            return ModelDatabase.this.time(txid);
        }

        @Override
        public int pageSize() {
            return pageSize.bytes();
        }

        @Override
        public int pageCount() {
            return state(txid).length;
        }

        @Override
        public Proof proof() {
            return ModelDatabase.this.proof(txid);
        }

        @Override
        public void readTo(PageSink sink) throws IOException {
            if (read) {
                throw new IllegalStateException("an image can be read once");
            }
            read = true;
            for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                sink.page(page.getKey(), page.getValue(), 0);
            }
        }
    }
}

package dev.runnel.replica.ltx;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxEncoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.Changes;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.testkit.store.Bodies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** A database of one page, which holds the newest TXID: any number of change sets take no memory. */
final class CounterDatabase implements ModelSource {
    private static final PageSize PAGE_SIZE = new PageSize(512);

    private final TreeMap<Long, Instant> changesOfTime = new TreeMap<>();
    private long newest;

    /** One more change set. */
    void commitAt(Instant time) {
        newest++;
        changesOfTime.put(newest, time);
    }

    @Override
    public long newest() {
        return newest;
    }

    @Override
    public Changes changes(long min, long max) {
        return new Changes(range(min, max), time(max), Bodies.of(file(min, max)));
    }

    @Override
    public byte[] file(long min, long max) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LtxHeader header = LtxHeader.of(PAGE_SIZE, 1, range(min, max), time(max), Optional.of(proof(max)));
        try (LtxEncoder encoder = new LtxEncoder(out, header, () -> {
            throw new IOException("a small file needs no scratch");
        })) {
            encoder.page(1, page(max), 0);
            encoder.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public DatabaseImage image(long txid) {
        return new Image(txid);
    }

    private static TxidRange range(long min, long max) {
        return new TxidRange(new Txid(min), new Txid(max));
    }

    private Instant time(long txid) {
        return changesOfTime.floorEntry(txid).getValue();
    }

    private static byte[] page(long txid) {
        return ByteBuffer.allocate(PAGE_SIZE.bytes()).putLong(txid).array();
    }

    private static Proof proof(long txid) {
        long checksum = Checksums.page(1, page(txid), 0, PAGE_SIZE.bytes());
        return new Proof(Checksums.with(Checksums.EMPTY, checksum), ModelDatabase.LINEAGE);
    }

    private final class Image implements DatabaseImage {
        private final long txid;

        Image(long txid) {
            this.txid = txid;
        }

        @Override
        public Txid txid() {
            return new Txid(txid);
        }

        @Override
        public Instant time() {
            return CounterDatabase.this.time(txid);
        }

        @Override
        public int pageSize() {
            return PAGE_SIZE.bytes();
        }

        @Override
        public int pageCount() {
            return 1;
        }

        @Override
        public Proof proof() {
            return CounterDatabase.proof(txid);
        }

        @Override
        public void readTo(PageSink sink) throws IOException {
            sink.page(1, page(txid), 0);
        }
    }
}

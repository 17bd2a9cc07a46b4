package dev.runnel.restore;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxEncoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.store.Body;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/** A database's history, page by page in memory, and the files of it that are put into a replica. One second a TXID. */
final class ModelHistory {
    static final Instant ORIGIN = Instant.parse("2026-11-21T09:00:00Z");

    enum Proofs {
        WITH,
        WITHOUT
    }

    private final ObjectStore store;
    private final PageSize pageSize;
    private final Proofs proofs;
    private final List<State> states = new ArrayList<>(List.of(new State(List.of(), new TreeSet<>())));

    /** The pages after a TXID, page 1 first, and which of them it changed or brought. */
    private record State(List<byte[]> pages, SortedSet<Integer> changed) {}

    ModelHistory(ObjectStore store, PageSize pageSize, Proofs proofs) {
        this.store = store;
        this.pageSize = pageSize;
        this.proofs = proofs;
    }

    Txid newest() {
        return new Txid(states.size() - 1L);
    }

    static Instant timeOf(Txid txid) {
        return ORIGIN.plusSeconds(txid.value());
    }

    PageSize pageSize() {
        return pageSize;
    }

    int pageCount() {
        return states.getLast().pages().size();
    }

    /** The next TXID, not yet at the replica. Pages that the database grows by and that are not given are zeros. */
    Txid change(int pageCount, Map<Integer, byte[]> changes) {
        List<byte[]> pages = new ArrayList<>(states.getLast().pages());
        SortedSet<Integer> changed = new TreeSet<>(changes.keySet());
        while (pages.size() > pageCount) {
            pages.removeLast();
        }
        while (pages.size() < pageCount) {
            pages.add(new byte[pageSize.bytes()]);
            changed.add(pages.size());
        }
        changes.forEach((number, data) -> pages.set(number - 1, data));
        states.add(new State(List.copyOf(pages), changed));
        return newest();
    }

    /** What a writer does that forgets the pages which the database grows by: they are not in the file. */
    Txid changeWithoutFilling(int pageCount, Map<Integer, byte[]> changes) {
        change(pageCount, changes);
        State right = states.removeLast();
        states.add(new State(right.pages(), new TreeSet<>(changes.keySet())));
        return newest();
    }

    /** Puts the file of one TXID at level 0. */
    void ship(Txid txid) throws IOException {
        put(LtxKeys.CHANGE_SETS, TxidRange.of(txid));
    }

    /** Puts a file that spans some TXIDs. */
    void put(int level, TxidRange range) throws IOException {
        byte[] bytes = encode(range);
        store.put(LtxKeys.folder().key(level, range), body(bytes), PutOptions.replace(timeOf(range.max())));
    }

    void baseline(Txid txid) throws IOException {
        put(LtxKeys.BASELINES, new TxidRange(new Txid(1), txid));
    }

    byte[] imageAt(Txid txid) {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        state(txid).pages().forEach(image::writeBytes);
        return image.toByteArray();
    }

    long checksumAt(Txid txid) {
        List<byte[]> pages = state(txid).pages();
        long checksum = Checksums.EMPTY;
        for (int i = 0; i < pages.size(); i++) {
            checksum = Checksums.with(checksum, i + 1, Checksums.page(i + 1, pages.get(i), 0, pageSize.bytes()));
        }
        return checksum;
    }

    private byte[] encode(TxidRange range) throws IOException {
        List<byte[]> pages = state(range.max()).pages();
        Optional<Proof> proof =
                proofs == Proofs.WITH ? Optional.of(new Proof(checksumAt(range.max()), 0x1234)) : Optional.empty();
        LtxHeader header = LtxHeader.of(pageSize, pages.size(), range, timeOf(range.max()), proof);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LtxEncoder encoder = new LtxEncoder(out, header, () -> {
            throw new IOException("no room needed");
        })) {
            for (int number : contents(range)) {
                encoder.page(number, pages.get(number - 1), 0);
            }
            encoder.finish();
        }
        return out.toByteArray();
    }

    private SortedSet<Integer> contents(TxidRange range) {
        SortedSet<Integer> numbers = new TreeSet<>();
        int pageCount = state(range.max()).pages().size();
        for (long txid = range.min().value(); txid <= range.max().value(); txid++) {
            numbers.addAll(state(new Txid(txid)).changed());
        }
        return numbers.headSet(pageCount + 1);
    }

    private State state(Txid txid) {
        return states.get(Math.toIntExact(txid.value()));
    }

    static Body body(byte[] bytes) {
        return new Body() {
            @Override
            public OptionalLong length() {
                return OptionalLong.of(bytes.length);
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(bytes);
            }
        };
    }
}

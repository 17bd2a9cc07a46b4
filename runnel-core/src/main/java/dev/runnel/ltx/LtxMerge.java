package dev.runnel.ltx;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Merges files that follow each other into one: of each page the newest version, in page order, in memory that depends on
 * the number of files only.
 *
 * <p>When the database shrinks, the pages cut off are gone, even if it grows again later: a page survives only if no later
 * file ends before it. What has grown since must then come from a later file. Where it does not, the merge fails: the
 * files lack a page, and passing off its old content would be a silent error.
 */
public final class LtxMerge {
    private final List<Input> inputs;
    private final LtxHeader header;
    private final String name;
    private final int intact;

    /**
     * One of the files.
     *
     * @param position among the files; of two versions of a page the one of the higher position is newer
     * @param limit the smallest size in pages the database had from this file on
     */
    private record Input(LtxDecoder decoder, int position, int limit) {
        int pageNumber() {
            return decoder.pageNumber();
        }
    }

    private LtxMerge(List<Input> inputs, LtxHeader header) {
        this.inputs = inputs;
        this.header = header;
        this.name = LtxFileName.of(header.txids());
        this.intact = header.isSnapshot() ? 0 : inputs.getFirst().limit();
    }

    /**
     * Prepares a merge.
     *
     * @param files at least one, oldest first, freshly opened; their streams stay the caller's to close
     * @throws LtxException if a file does not continue the one before it, or the page sizes differ
     */
    public static LtxMerge of(List<LtxDecoder> files) throws LtxException {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("nothing to compact");
        }
        LtxHeader first = files.getFirst().header();
        LtxHeader last = files.getLast().header();
        for (int i = 1; i < files.size(); i++) {
            checkContinues(files.get(i - 1), files.get(i));
        }
        List<Input> inputs = new ArrayList<>();
        int limit = Integer.MAX_VALUE;
        for (int i = files.size() - 1; i >= 0; i--) {
            limit = Math.min(limit, files.get(i).header().commit());
            inputs.addFirst(new Input(files.get(i), i, limit));
        }
        TxidRange txids = new TxidRange(first.txids().min(), last.txids().max());
        return new LtxMerge(inputs, LtxHeader.of(first.pageSize(), last.commit(), txids, last.time(), last.proof()));
    }

    /** The header of the merged file: from the first TXID to the last, with the time and the proof of the last one. */
    public LtxHeader header() {
        return header;
    }

    /**
     * Gives the merged pages, and checks every file to its end. To be called once. Trust the pages only after it has
     * returned.
     *
     * @throws LtxException if a file is damaged, or a page is missing that the database must have
     */
    public void readTo(PageSink sink) throws IOException {
        PriorityQueue<Input> heads = new PriorityQueue<>(
                inputs.size(), Comparator.comparingInt(Input::pageNumber).thenComparingInt(Input::position));
        for (Input input : inputs) {
            advance(input, heads);
        }
        List<Input> versions = new ArrayList<>();
        long expected = after(intact);
        while (!heads.isEmpty()) {
            int number = heads.element().pageNumber();
            while (!heads.isEmpty() && heads.element().pageNumber() == number) {
                versions.add(heads.remove());
            }
            Input newest = versions.getLast();
            if (number <= newest.limit()) {
                if (number > intact) {
                    checkNothingMissing(expected, number);
                    expected = after(number);
                }
                sink.page(number, newest.decoder().page(), 0);
            }
            for (Input input : versions) {
                advance(input, heads);
            }
            versions.clear();
        }
        checkNothingMissing(expected, header.commit() + 1L);
    }

    private static void advance(Input input, PriorityQueue<Input> heads) throws IOException {
        if (input.decoder().next()) {
            heads.add(input);
        }
    }

    /** The stored page after a page. */
    private long after(int number) {
        long next = number + 1L;
        return next == header.pageSize().lockPage() ? next + 1 : next;
    }

    private void checkNothingMissing(long expected, long found) throws LtxException {
        if (expected < found) {
            throw LtxException.refused(
                    name,
                    "none of the files that it combines has page " + expected + " of a database of " + header.commit()
                            + " pages");
        }
    }

    private static void checkContinues(LtxDecoder before, LtxDecoder after) throws LtxException {
        TxidRange earlier = before.header().txids();
        TxidRange later = after.header().txids();
        boolean gap = later.min().value() - 1 > earlier.max().value();
        if (gap || !later.max().isAfter(earlier.max())) {
            throw LtxException.damaged(
                    after.source(), LtxHeader.MIN_TXID_AT, "TXIDs " + later + " do not continue " + earlier);
        }
        if (!before.header().pageSize().equals(after.header().pageSize())) {
            throw LtxException.damaged(
                    after.source(),
                    LtxHeader.PAGE_SIZE_AT,
                    "page size " + after.header().pageSize() + " after "
                            + before.header().pageSize());
        }
    }
}

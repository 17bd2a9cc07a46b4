package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageEntry;
import dev.runnel.ltx.PageIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Finds for each page, in page order, the file of a plan that holds its newest version, from the page indexes alone and in
 * memory that depends on the number of files only.
 *
 * <p>When the database shrinks, the pages cut off are gone, even if it grows again later: a version counts only if the
 * database never ended before its page from then on. What has grown since has to come from a later file.
 */
final class NewestPages {
    private final FileCheck check;
    private final List<PlanFile> files;
    private final PriorityQueue<Head> heads;
    private final LtxHeader last;
    private long expected;

    /** A page, and which file of the plan holds its newest version. */
    record Version(int file, PageEntry entry) {}

    /** Where one file's index stands. */
    private static final class Head {
        private final PageIndex index;
        private final int file;
        private final int limit;
        private PageEntry entry;

        /** @param limit the smallest size in pages the database had from this file on */
        Head(PageIndex index, int file, int limit, PageEntry entry) {
            this.index = index;
            this.file = file;
            this.limit = limit;
            this.entry = entry;
        }

        int number() {
            return entry.number();
        }
    }

    private NewestPages(FileCheck check) {
        this.check = check;
        this.files = check.files();
        this.heads = new PriorityQueue<>(
                files.size(),
                Comparator.comparingInt(Head::number)
                        .thenComparing(Comparator.comparingInt((Head head) -> head.file)
                                .reversed()));
        this.last = files.getLast().header();
        this.expected = after(0);
    }

    static NewestPages of(FileCheck check) throws IOException {
        NewestPages pages = new NewestPages(check);
        List<PlanFile> files = check.files();
        int limit = Integer.MAX_VALUE;
        for (int i = files.size() - 1; i >= 0; i--) {
            limit = Math.min(limit, files.get(i).header().commit());
            pages.open(i, limit);
        }
        return pages;
    }

    /** The next page, or empty after the last, when it is certain that none is missing. */
    Optional<Version> next() throws IOException {
        while (!heads.isEmpty()) {
            Head newest = heads.element();
            PageEntry entry = newest.entry;
            while (!heads.isEmpty() && heads.element().number() == entry.number()) {
                advance(heads.remove());
            }
            if (entry.number() <= newest.limit) {
                checkNothingMissing(entry.number());
                expected = after(entry.number());
                return Optional.of(new Version(newest.file, entry));
            }
        }
        checkNothingMissing(last.commit() + 1L);
        return Optional.empty();
    }

    private void open(int file, int limit) throws IOException {
        try {
            PageIndex index = files.get(file).index();
            Optional<PageEntry> first = index.next();
            first.ifPresent(entry -> heads.add(new Head(index, file, limit, entry)));
        } catch (LtxException e) {
            throw files.get(file).damaged(e);
        }
    }

    private void advance(Head head) throws IOException {
        try {
            Optional<PageEntry> next = head.index.next();
            if (next.isPresent()) {
                head.entry = next.get();
                heads.add(head);
            }
        } catch (LtxException e) {
            throw files.get(head.file).damaged(e);
        }
    }

    /** The stored page after a page. */
    private long after(int number) {
        long next = number + 1L;
        return next == last.pageSize().lockPage() ? next + 1 : next;
    }

    /** A page that is missing may be the doing of any file whose header is damaged, so those are looked at first. */
    private void checkNothingMissing(long found) throws IOException {
        if (expected < found) {
            check.throwFirstDamage();
            throw brings(expected)
                    .damaged("page " + expected
                            + " is missing: the database grew, and neither this file nor one after it has the page");
        }
    }

    /** The file with which a page came to be part of the database, for the last time. */
    private PlanFile brings(long number) {
        List<PlanFile> since = new ArrayList<>();
        for (PlanFile file : files.reversed()) {
            if (file.header().commit() < number) {
                break;
            }
            since.add(file);
        }
        return since.getLast();
    }
}

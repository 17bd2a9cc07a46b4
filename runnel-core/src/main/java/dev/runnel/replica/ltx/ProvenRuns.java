package dev.runnel.replica.ltx;

import dev.runnel.ltx.PageEntry;
import dev.runnel.replica.PlanSource;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * Cuts the newest pages of a plan into runs, for files whose last carries a proof: only the pages that count are read,
 * each once. What the pages are worth, the checksum over all of them tells in the end.
 */
final class ProvenRuns implements Runs {
    /** Enough to make a request over a network worth its while, little enough to share the work evenly. */
    private static final int MAX_RUN_SIZE = 4 << 20;

    private static final int MAX_PAGES_SIZE = 16 << 20;

    /** What may be fetched in vain to spare a request. */
    private static final int MAX_GAP = 64 * 1024;

    private final List<PlanFile> files;
    private final NewestPages pages;
    private final List<List<PageEntry>> open = new ArrayList<>();
    private final Queue<PlanSource.Run> complete = new ArrayDeque<>();
    private final int maxPages;
    private boolean atEnd;

    private ProvenRuns(List<PlanFile> files, NewestPages pages) {
        this.files = files;
        this.pages = pages;
        this.maxPages = MAX_PAGES_SIZE / files.getLast().header().pageSize().bytes();
        files.forEach(_ -> open.add(new ArrayList<>()));
    }

    static ProvenRuns of(FileCheck check) throws IOException {
        return new ProvenRuns(check.files(), NewestPages.of(check));
    }

    @Override
    public Optional<PlanSource.Run> next(PlanSource.Present present) throws IOException {
        while (complete.isEmpty() && !atEnd) {
            Optional<NewestPages.Version> page = pages.next();
            if (page.isEmpty()) {
                completeAll();
            } else if (!present.has(
                    page.get().entry().number(), files.get(page.get().file()).planned())) {
                add(page.get().file(), page.get().entry());
            }
        }
        return Optional.ofNullable(complete.poll());
    }

    private void add(int file, PageEntry entry) {
        List<PageEntry> run = open.get(file);
        if (!run.isEmpty() && !fits(run, entry)) {
            complete(file);
        }
        open.get(file).add(entry);
    }

    private boolean fits(List<PageEntry> run, PageEntry entry) {
        return run.size() < maxPages
                && entry.offset() - run.getLast().end() <= MAX_GAP
                && entry.end() - run.getFirst().offset() <= MAX_RUN_SIZE;
    }

    private void completeAll() {
        atEnd = true;
        for (int file = 0; file < files.size(); file++) {
            if (!open.get(file).isEmpty()) {
                complete(file);
            }
        }
    }

    private void complete(int file) {
        complete.add(new FileRun(files.get(file), open.get(file)));
        open.set(file, new ArrayList<>());
    }
}

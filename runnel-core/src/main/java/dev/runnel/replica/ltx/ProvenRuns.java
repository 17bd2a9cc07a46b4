package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.PageEntry;
import dev.runnel.ltx.PageIndex;
import dev.runnel.replica.PlanSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the newest pages of a plan into runs, for files whose last carries a proof: only the pages that count are read, each
 * once, and which those are the page indexes tell. What the pages are worth, the checksum over all of them tells in the
 * end.
 */
final class ProvenRuns implements Runs {
    /** Enough to make a request over a network worth its while, little enough to share the work evenly. */
    private static final int MAX_RUN_SIZE = 4 << 20;

    private static final int MAX_PAGES_SIZE = 16 << 20;

    /** How many unneeded bytes may be fetched to save a request. */
    private static final int MAX_GAP = 64 * 1024;

    private final PlanWalk walk;
    private final int maxPages;
    private Optional<OpenFile> current = Optional.empty();
    private List<PageEntry> run = new ArrayList<>();
    private boolean ended;

    private record OpenFile(PlanFile file, PageIndex index) {}

    ProvenRuns(PlanWalk walk, int pageSize) {
        this.walk = walk;
        this.maxPages = MAX_PAGES_SIZE / pageSize;
    }

    @Override
    public Optional<PlanSource.Run> next(PlanSource.Present present) throws IOException {
        while (!ended) {
            Optional<PlanSource.Run> complete = current.isPresent() ? advance(current.get(), present) : openNext();
            if (complete.isPresent()) {
                return complete;
            }
        }
        return Optional.empty();
    }

    private Optional<PlanSource.Run> openNext() throws IOException {
        Optional<PlanFile> file = walk.next();
        ended = file.isEmpty();
        if (file.isPresent()) {
            try {
                current = Optional.of(new OpenFile(file.get(), file.get().index()));
            } catch (LtxException e) {
                throw file.get().damaged(e);
            }
        }
        return Optional.empty();
    }

    /** Takes in the next page of a file; gives the run that is complete by that. */
    private Optional<PlanSource.Run> advance(OpenFile open, PlanSource.Present present) throws IOException {
        Optional<PageEntry> next;
        try {
            next = open.index.next();
        } catch (LtxException e) {
            throw open.file.damaged(e);
        }
        if (next.isEmpty()) {
            current = Optional.empty();
            return complete(open.file);
        }
        PageEntry entry = next.get();
        if (!walk.isNewest(entry.number()) || present.has(entry.number(), open.file.planned())) {
            return Optional.empty();
        }
        Optional<PlanSource.Run> complete = fits(entry) ? Optional.empty() : complete(open.file);
        run.add(entry);
        return complete;
    }

    private boolean fits(PageEntry entry) {
        return run.isEmpty()
                || (run.size() < maxPages
                        && entry.offset() - run.getLast().end() <= MAX_GAP
                        && entry.end() - run.getFirst().offset() <= MAX_RUN_SIZE);
    }

    private Optional<PlanSource.Run> complete(PlanFile file) {
        if (run.isEmpty()) {
            return Optional.empty();
        }
        PlanSource.Run complete = new FileRun(file, run);
        run = new ArrayList<>();
        return Optional.of(complete);
    }
}

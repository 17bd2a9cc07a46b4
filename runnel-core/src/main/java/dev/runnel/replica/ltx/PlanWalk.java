package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxHeader;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the files of a plan from the newest to the oldest, one at a time, and says of each page whether this is its
 * newest version. However many files there are, only one is open.
 *
 * <p>When the database shrinks, the pages cut off are gone, even if it grows again later: a version counts only if the
 * database never ended before its page from then on. What has grown since has to come from a later file.
 */
final class PlanWalk {
    private final FileCheck check;
    private final PlanFile last;
    private final ClaimedPages claimed;
    private int next;
    private int limit;

    /** @param last the last file of the plan, opened */
    PlanWalk(FileCheck check, PlanFile last) {
        this.check = check;
        this.last = last;
        this.claimed = new ClaimedPages(last.header().commit());
        start();
    }

    private void start() {
        next = check.files().size() - 1;
        limit = last.header().commit();
    }

    /**
     * Opens the next file, or is empty after the last, when it is certain that no page is missing. In a very large database
     * every file comes several times.
     */
    Optional<PlanFile> next() throws IOException {
        if (next < 0) {
            checkNothingMissing();
            if (!claimed.nextWindow()) {
                return Optional.empty();
            }
            start();
        }
        PlanFile file = next == check.files().size() - 1 ? last : check.open(next);
        next--;
        checkPageSize(file);
        limit = Math.min(limit, file.header().commit());
        return Optional.of(file);
    }

    /** Whether the file that was opened last has the newest version of a page; to be asked once for each of its pages. */
    boolean isNewest(int page) {
        return page <= limit && claimed.claim(page);
    }

    private void checkPageSize(PlanFile file) throws IOException {
        LtxHeader expected = last.header();
        if (!file.header().pageSize().equals(expected.pageSize())) {
            check.throwFirstDamage();
            throw file.damaged("its pages have " + file.header().pageSize() + " bytes, those of " + last.source()
                    + " have " + expected.pageSize());
        }
    }

    /** A page may be missing because of any file whose header is damaged, so those are checked first. */
    private void checkNothingMissing() throws IOException {
        int missing = claimed.firstMissing(last.header().pageSize().lockPage());
        if (missing > 0) {
            check.throwFirstDamage();
            throw brings(missing)
                    .damaged("page " + missing
                            + " is missing: the database grew, and neither this file nor one after it has the page");
        }
    }

    /** The file with which a page came to be part of the database, for the last time. */
    private PlanFile brings(int page) throws IOException {
        PlanFile since = last;
        for (int i = check.files().size() - 2; i >= 0; i--) {
            PlanFile file = check.open(i);
            if (file.header().commit() < page) {
                break;
            }
            since = file;
        }
        return since;
    }
}

package dev.runnel.restore;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.ReplicaException;
import java.io.IOException;
import java.util.OptionalLong;

/** Counts pages and folds their checksums. */
final class PageTally {
    private final int pageSize;
    private long checksum = Checksums.EMPTY;
    private long pages;

    PageTally(int pageSize) {
        this.pageSize = pageSize;
    }

    /** Takes a page in, and gives its checksum. */
    long add(int number, byte[] data, int offset) {
        long page = Checksums.page(number, data, offset, pageSize);
        checksum = Checksums.with(checksum, number, page);
        pages++;
        return page;
    }

    /** Takes all pages of another tally in, none of which was taken in before. */
    void add(PageTally other) {
        checksum = Checksums.join(checksum, other.checksum);
        pages += other.pages;
    }

    long checksum() {
        return checksum;
    }

    /**
     * Holds the pages against what the source says the database has to be.
     *
     * @throws ReplicaException.Damaged that names what is to blame
     */
    ProvenBy prove(PlanSource source) throws IOException {
        int expected = new PageSize(pageSize).storedPages(source.pageCount());
        if (pages != expected) {
            throw new IllegalStateException("a source gave " + pages + " pages of " + expected);
        }
        OptionalLong proof = source.databaseChecksum();
        if (proof.isEmpty()) {
            return ProvenBy.FILE_CHECKSUMS;
        }
        if (proof.getAsLong() != checksum) {
            source.findDamage();
            throw new IllegalStateException("a source found nothing damaged where its checksum is wrong");
        }
        return ProvenBy.DATABASE_CHECKSUM;
    }
}

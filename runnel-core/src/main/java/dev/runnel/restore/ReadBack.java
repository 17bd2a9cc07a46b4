package dev.runnel.restore;

import dev.runnel.ltx.PageSize;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.util.Optional;

/** Reads a database out of a replica for the checksums of its pages, without writing it anywhere. */
public final class ReadBack {
    private final Restorable replica;

    public ReadBack(Restorable replica) {
        this.replica = replica;
    }

    /** Receives the checksums. They are proven only when the whole reading is. */
    public interface PageChecksums {
        /**
         * A reading begins. Everything before it is void: files may vanish or be damaged, and then the reading starts
         * over.
         */
        void begin(RestorePlan plan, PageSize pageSize, int pageCount) throws IOException;

        /** One page; each but the lock page comes once, in no certain order. */
        void page(int number, long checksum) throws IOException;
    }

    /**
     * Reads all pages of a target, on the caller's thread.
     *
     * @throws dev.runnel.replica.ReplicaException if the replica does not have the target, whole
     */
    public RestoredImage read(RestoreTarget target, PageChecksums checksums) throws IOException {
        Attempts attempts = new Attempts(replica, target);
        return attempts.read((plan, source) -> {
            checksums.begin(plan, new PageSize(source.pageSize()), source.pageCount());
            PageTally tally = readAll(source, checksums);
            return new RestoredImage(
                    plan,
                    source.pageSize(),
                    source.pageCount(),
                    tally.checksum(),
                    tally.prove(source),
                    attempts.damaged());
        });
    }

    private static PageTally readAll(PlanSource source, PageChecksums checksums) throws IOException {
        PageTally tally = new PageTally(source.pageSize());
        for (Optional<PlanSource.Run> run = source.next(); run.isPresent(); run = source.next()) {
            run.get().readTo((number, data, offset) -> checksums.page(number, tally.add(number, data, offset)));
        }
        return tally;
    }
}

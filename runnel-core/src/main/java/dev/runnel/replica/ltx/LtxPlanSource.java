package dev.runnel.replica.ltx;

import dev.runnel.ltx.Proof;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.RestorePlan;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files of a plan, each opened when its turn comes, from the newest to the oldest. Memory and descriptors are bounded,
 * whatever the number of files and the size of the database.
 */
public final class LtxPlanSource implements PlanSource {
    /** What comes before the compressed bytes of a page. */
    private static final long SMALLEST_FRAME = 10;

    private final FileCheck check;
    private final PlanFile last;
    private final Runs runs;

    private LtxPlanSource(FileCheck check, PlanFile last, Runs runs) {
        this.check = check;
        this.last = last;
        this.runs = runs;
    }

    /**
     * Opens the last file, which says how large the database is.
     *
     * @throws dev.runnel.replica.ReplicaException.Damaged if it is not what its name says
     */
    public static LtxPlanSource open(ObjectStore store, RestorePlan plan) throws IOException {
        FileCheck check = new FileCheck(store, plan.files());
        PlanFile last = check.open(plan.files().size() - 1);
        checkPageCount(last, plan.totalSize());
        Runs runs = last.header().proof().isPresent()
                ? new ProvenRuns(
                        new PlanWalk(check, last), last.header().pageSize().bytes())
                : new UnprovenRun(check, last, plan.totalSize());
        return new LtxPlanSource(check, last, runs);
    }

    @Override
    public int pageSize() {
        return last.header().pageSize().bytes();
    }

    @Override
    public int pageCount() {
        return last.header().commit();
    }

    @Override
    public OptionalLong databaseChecksum() {
        Optional<Proof> proof = last.header().proof();
        return proof.isPresent() ? OptionalLong.of(proof.get().databaseChecksum()) : OptionalLong.empty();
    }

    @Override
    public Optional<Run> next() throws IOException {
        return runs.next((_, _) -> false);
    }

    @Override
    public Optional<Run> next(Present present) throws IOException {
        return runs.next(present);
    }

    @Override
    public void findDamage() throws IOException {
        check.throwDamage();
    }

    /** Nothing is held open between reads. */
    @Override
    public void close() {}

    /** A damaged page count must not make anybody take room for pages that no file can hold. */
    private static void checkPageCount(PlanFile last, long totalSize) throws IOException {
        int pageCount = last.header().commit();
        if (last.header().pageSize().storedPages(pageCount) > totalSize / SMALLEST_FRAME) {
            throw last.damaged("its header says that the database has " + pageCount
                    + " pages, more than all files together can hold");
        }
    }
}

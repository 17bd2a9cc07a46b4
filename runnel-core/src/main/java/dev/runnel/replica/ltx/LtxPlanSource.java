package dev.runnel.replica.ltx;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files of a plan, opened for reading. Small ones are fetched whole at once, large ones by ranges as their pages are
 * asked for. Memory is bounded, whatever the size of the database.
 */
public final class LtxPlanSource implements PlanSource {
    /** Up to this size a file is cheaper to fetch whole than in parts. */
    private static final int SMALL_FILE = 1 << 20;

    /** What all small files together may take in memory; those beyond are read in parts like large ones. */
    private static final long HELD_LIMIT = 16L << 20;

    /** What comes before the compressed bytes of a page. */
    private static final long SMALLEST_FRAME = 10;

    private final List<PlanFile> files;
    private final FileCheck check;
    private final Runs runs;

    private LtxPlanSource(List<PlanFile> files, FileCheck check, Runs runs) {
        this.files = files;
        this.check = check;
        this.runs = runs;
    }

    /**
     * Opens the files and reads their headers.
     *
     * @throws dev.runnel.replica.ReplicaException.Damaged if a file is not what its name says
     */
    public static LtxPlanSource open(ObjectStore store, RestorePlan plan) throws IOException {
        List<PlanFile> files = new ArrayList<>();
        long room = HELD_LIMIT;
        for (PlannedFile planned : plan.files()) {
            boolean small = planned.size() <= Math.min(SMALL_FILE, room);
            room -= small ? planned.size() : 0;
            files.add(small ? PlanFile.load(store, planned) : PlanFile.open(store, planned));
        }
        FileCheck check = new FileCheck(store.location(), files);
        checkPageSizes(check);
        checkPageCount(files.getLast(), plan.totalSize());
        boolean proven = files.getLast().header().proof().isPresent();
        Runs runs = proven ? ProvenRuns.of(check) : new UnprovenRun(check, plan.totalSize());
        return new LtxPlanSource(files, check, runs);
    }

    @Override
    public int pageSize() {
        return files.getLast().header().pageSize().bytes();
    }

    @Override
    public int pageCount() {
        return files.getLast().header().commit();
    }

    @Override
    public OptionalLong databaseChecksum() {
        Optional<Proof> proof = files.getLast().header().proof();
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

    private static void checkPageSizes(FileCheck check) throws IOException {
        PlanFile first = check.files().getFirst();
        PageSize expected = first.header().pageSize();
        for (PlanFile file : check.files()) {
            PageSize found = file.header().pageSize();
            if (!found.equals(expected)) {
                check.throwFirstDamage();
                throw file.damaged(
                        "its pages have " + found + " bytes, those of " + first.source() + " have " + expected);
            }
        }
    }

    /** A damaged page count must not make anybody take room for pages that no file can hold. */
    private static void checkPageCount(PlanFile last, long totalSize) throws IOException {
        int pageCount = last.header().commit();
        if (last.header().pageSize().storedPages(pageCount) > totalSize / SMALLEST_FRAME) {
            throw last.damaged("its header says that the database has " + pageCount
                    + " pages, more than all files together can hold");
        }
    }
}

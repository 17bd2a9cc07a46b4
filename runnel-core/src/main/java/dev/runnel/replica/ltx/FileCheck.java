package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxException;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The files of a plan, each opened when it is needed. Looks for the file that is to blame, by reading each from end to end
 * against its own checksum.
 */
record FileCheck(ObjectStore store, List<PlannedFile> files) {
    private static final String NEXT_STEP =
            "Check whether two processes wrote to this replica; restore a point before the newest file, or another replica.";

    /** Up to this size a file is cheaper to fetch whole than in parts. */
    private static final int SMALL_FILE = 1 << 20;

    FileCheck {
        files = List.copyOf(files);
    }

    /**
     * Opens a file: a small one is fetched whole, a large one by ranges as its pages are asked for.
     *
     * @throws ReplicaException.Damaged if the file is not what its name says
     */
    PlanFile open(int file) throws IOException {
        PlannedFile planned = files.get(file);
        return planned.size() <= SMALL_FILE ? PlanFile.load(store, planned) : PlanFile.open(store, planned);
    }

    /** Returns if every file is as it was written. */
    void throwFirstDamage() throws IOException {
        for (int i = 0; i < files.size(); i++) {
            PlanFile file = open(i);
            try (InputStream in = file.stream(ByteRange.ALL)) {
                LtxDecoder.open(file.source(), in).readTo((_, _, _) -> {});
            } catch (LtxException e) {
                throw file.damaged(e);
            }
        }
    }

    /** Throws in any case: where no file is damaged, the files do not belong together. */
    void throwDamage() throws IOException {
        throwFirstDamage();
        throw new ReplicaException.Damaged(
                store.location() + "/" + files.getLast().key()
                        + ": the files up to this one are each as they were written, but together they do not give the"
                        + " database whose checksum it carries",
                NEXT_STEP);
    }
}

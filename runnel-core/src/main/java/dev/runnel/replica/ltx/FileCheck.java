package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxException;
import dev.runnel.replica.ReplicaException;
import dev.runnel.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Looks for the file that is to blame, by reading each from end to end against its own checksum.
 *
 * @param location where the files are, for messages
 */
record FileCheck(String location, List<PlanFile> files) {
    static final String NEXT_STEP =
            "Check whether two processes wrote to this replica; restore a point before the newest file, or another replica.";

    FileCheck {
        files = List.copyOf(files);
    }

    /** Returns if every file is as it was written. */
    void throwFirstDamage() throws IOException {
        for (PlanFile file : files) {
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
        PlanFile last = files.getLast();
        throw new ReplicaException.Damaged(
                last.source()
                        + ": the files up to this one are each as they were written, but together they do not give the"
                        + " database whose checksum it carries",
                NEXT_STEP);
    }
}

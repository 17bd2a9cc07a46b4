package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.PageSink;
import dev.runnel.replica.PlanSource;
import dev.runnel.store.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * All pages of a plan as one run, for files without a proof, such as Litestream writes. All there is to check them by is
 * the checksum of each file, so every file is read from end to end, and what was checked is what is used.
 */
final class UnprovenRun implements Runs, PlanSource.Run {
    private final FileCheck check;
    private final PlanFile last;
    private final long size;
    private boolean given;

    /**
     * @param last the last file of the plan, opened
     * @param size of all files, in bytes
     */
    UnprovenRun(FileCheck check, PlanFile last, long size) {
        this.check = check;
        this.last = last;
        this.size = size;
    }

    @Override
    public Optional<PlanSource.Run> next(PlanSource.Present present) {
        boolean first = !given;
        given = true;
        return first ? Optional.of(this) : Optional.empty();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void readTo(PageSink sink) throws IOException {
        PlanWalk walk = new PlanWalk(check, last);
        PageSink newest = (number, data, offset) -> {
            if (walk.isNewest(number)) {
                sink.page(number, data, offset);
            }
        };
        for (Optional<PlanFile> file = walk.next(); file.isPresent(); file = walk.next()) {
            read(file.get(), newest);
        }
    }

    private static void read(PlanFile file, PageSink sink) throws IOException {
        try (InputStream in = file.stream(ByteRange.ALL)) {
            LtxDecoder.open(file.source(), in).readTo(sink);
        } catch (LtxException e) {
            throw file.damaged(e);
        }
    }
}

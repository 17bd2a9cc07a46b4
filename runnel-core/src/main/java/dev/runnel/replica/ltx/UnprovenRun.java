package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.LtxMerge;
import dev.runnel.ltx.PageSink;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.ReplicaException;
import dev.runnel.store.ByteRange;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All pages of a plan as one run, for files without a proof, such as Litestream writes. All there is to check them by is
 * the checksum of each file, so every file is read from end to end, and what was checked is what is used.
 */
final class UnprovenRun implements Runs, PlanSource.Run {
    private final FileCheck check;
    private final long size;
    private boolean given;

    /** @param size of all files, in bytes */
    UnprovenRun(FileCheck check, long size) {
        this.check = check;
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
        try (Inputs inputs = new Inputs(new ArrayList<>())) {
            LtxMerge.of(inputs.open(check.files())).readTo(sink);
        } catch (LtxException e) {
            check.throwFirstDamage();
            throw new ReplicaException.Damaged(
                    check.location() + ": the files are each as they were written, but do not make a whole: "
                            + e.getMessage(),
                    FileCheck.NEXT_STEP);
        }
    }

    /** Streams that are open together, and closed together. */
    private record Inputs(List<InputStream> streams) implements Closeable {
        List<LtxDecoder> open(List<PlanFile> files) throws IOException {
            List<LtxDecoder> decoders = new ArrayList<>();
            for (PlanFile file : files) {
                InputStream in = file.stream(ByteRange.ALL);
                streams.add(in);
                decoders.add(LtxDecoder.open(file.source(), in));
            }
            return decoders;
        }

        @Override
        public void close() throws IOException {
            for (InputStream stream : streams) {
                stream.close();
            }
        }
    }
}

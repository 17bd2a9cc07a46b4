package dev.runnel.restore;

import dev.runnel.replica.PlanSource;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;

/** Restores into memory, as a Restorer does into a file. */
final class Images {
    private Images() {}

    /** What came out, and what it took. */
    @SuppressWarnings("ArrayRecordComponent")
    record Image(byte[] bytes, RestorePlan plan, long fetched, int runs) {}

    static Image read(Replica replica, RestoreTarget target) throws IOException {
        return new Attempts(replica, target).read(Images::read);
    }

    private static Image read(RestorePlan plan, PlanSource source) throws IOException {
        int pageSize = source.pageSize();
        byte[] image = new byte[Math.multiplyExact(pageSize, source.pageCount())];
        BitSet seen = new BitSet();
        PageTally tally = new PageTally(pageSize);
        long fetched = 0;
        int runs = 0;
        for (Optional<PlanSource.Run> run = source.next(); run.isPresent(); run = source.next()) {
            run.get().readTo((number, data, offset) -> {
                if (seen.get(number)) {
                    throw new AssertionError("page " + number + " came twice");
                }
                seen.set(number);
                tally.add(number, data, offset);
                System.arraycopy(data, offset, image, (number - 1) * pageSize, pageSize);
            });
            fetched += run.get().size();
            runs++;
        }
        tally.prove(source);
        return new Image(image, plan, fetched, runs);
    }
}

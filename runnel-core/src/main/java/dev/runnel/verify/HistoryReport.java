package dev.runnel.verify;

import dev.runnel.restore.RestoredImage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came out for one history.
 *
 * @param history its name: that of a generation, or {@code ltx}
 * @param objects how many were read from end to end
 * @param bytes of these
 * @param image the state that was read or restored
 * @param comparison whether that state equals what this machine has recorded of it
 * @param answer of the query, if there was one
 * @param duration of all of it
 * @param restoreTime how long the restore took, if there was one
 */
public record HistoryReport(
        String history,
        Verdict verdict,
        List<Finding> findings,
        long objects,
        long bytes,
        Optional<RestoredImage> image,
        Comparison comparison,
        Optional<String> answer,
        Duration duration,
        Optional<Duration> restoreTime) {
    /** What was recorded here of the state. */
    public enum Comparison {
        /** The change log has the same checksum for the same TXID. */
        EQUAL,
        /** The change log has another checksum for the same TXID. */
        DIFFERENT,
        /** There is no change log here, or it has no such TXID any more. */
        NOT_RECORDED
    }

    public HistoryReport {
        findings = List.copyOf(findings);
    }
}

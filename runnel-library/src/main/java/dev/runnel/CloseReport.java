package dev.runnel;

import java.util.List;

/**
 * The outcome of closing.
 *
 * @param missing what is not at the replicas, in words, one line for each; it is captured by the next start
 */
public record CloseReport(List<String> missing) {
    public CloseReport {
        missing = List.copyOf(missing);
    }

    /** Whether everything that was committed is at every replica. */
    public boolean isEverythingDurable() {
        return missing.isEmpty();
    }
}

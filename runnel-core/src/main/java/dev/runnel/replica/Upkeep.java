package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import java.time.Duration;
import java.util.List;

/**
 * What is left to do for a history after {@link Replica#maintain}.
 *
 * @param baseline whether its next baseline is due
 * @param settled up to which TXID it will not ask for change sets of this machine any more
 * @param again when to maintain it again, if nothing happens before
 * @param failures the tasks that do not get on
 * @param hasFailed whether one of them failed this time: then a listing tells what it has done before that
 */
public record Upkeep(
        Baseline baseline, Txid settled, Duration again, List<MaintenanceTask.Failure> failures, boolean hasFailed) {
    /** Whether a baseline is due. */
    public enum Baseline {
        DUE,
        NOT_DUE
    }
}

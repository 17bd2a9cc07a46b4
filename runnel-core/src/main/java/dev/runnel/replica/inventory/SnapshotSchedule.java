package dev.runnel.replica.inventory;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.BaselineSchedule;
import dev.runnel.replica.TxidAges;
import java.time.Duration;
import java.util.Optional;

/** When the next snapshot of a history is due. */
public final class SnapshotSchedule {
    private final Duration interval;
    private final Inventory inventory;
    private final BaselineSchedule schedule;

    public SnapshotSchedule(Duration interval, Clock clock, Inventory inventory) {
        this.interval = interval;
        this.inventory = inventory;
        this.schedule = new BaselineSchedule(interval, clock);
    }

    /** How long until the next snapshot, zero or less if it is due; the whole interval while nothing calls for one. */
    public Duration untilNext(TxidAges ages) {
        Optional<HistoryObject> newest = inventory.newest(HistoryObject.SNAPSHOTS);
        if (newest.isEmpty() || !newestChange().isAfter(newest.get().max())) {
            return interval;
        }
        return schedule.untilNext(newest.get().max(), newest.get().time(), ages);
    }

    /** The highest TXID that a usable object with changes ends at. */
    public Txid newestChange() {
        Txid newest = Txid.NONE;
        for (int level = HistoryObject.CHANGE_SETS; level < HistoryObject.SNAPSHOTS; level++) {
            newest = inventory.reached(level).isAfter(newest) ? inventory.reached(level) : newest;
        }
        return newest;
    }
}

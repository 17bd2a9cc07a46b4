package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.PositionFinder;
import java.util.Collection;

/** What is particular to positions in the {@code ltx} layout. */
record LtxRules() implements PositionFinder.Rules {
    @Override
    public Txid differenceFrom(Collection<HistoryObject> usable, Txid whole) {
        return DifferenceStart.of(usable, whole);
    }

    @Override
    public boolean mayBegin(HistoryObject object) {
        return true;
    }

    /** The files of Litestream have no proof. */
    @Override
    public boolean everyStateIsProven() {
        return false;
    }
}

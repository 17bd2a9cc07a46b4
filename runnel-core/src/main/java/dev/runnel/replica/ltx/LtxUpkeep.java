package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.Upkeep;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Keeps a history as its policy says. */
record LtxUpkeep(LtxPolicy policy, Clock clock, LtxInventory inventory) {
    Upkeep run(LocalChanges local) {
        List<LtxObject> files = inventory.files();
        Txid newest = files.stream()
                .map(LtxObject::max)
                .max(Comparator.naturalOrder())
                .orElse(Txid.NONE);
        Optional<LtxObject> baseline = files.stream()
                .filter(file -> file.level() == LtxKeys.BASELINES)
                .max(Comparator.comparing(LtxObject::max));
        Duration left = baseline.filter(b -> newest.isAfter(b.max()))
                .map(b -> Duration.between(clock.now(), b.time().plus(policy.baselineInterval())))
                .orElse(policy.baselineInterval());
        boolean due = left.isNegative() || left.isZero();
        return new Upkeep(due ? Upkeep.Baseline.DUE : Upkeep.Baseline.NOT_DUE, newest, due ? Duration.ZERO : left);
    }
}

package dev.runnel.replica.ltx;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Position;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out how far the history at a replica is whole. Costs a listing, and, for each file that the newest state needs and
 * that we have neither written nor looked at before, one look: so a file that was lost or cut short while nobody watched
 * is found at the start, and one that is lost later by its absence or its size.
 */
record LtxPositionFinder(String where, LtxCatalogue catalogue, LtxInventory inventory, Soundness soundness) {
    /** The newest file is read whole up to this size, because its proof is what all that follows is measured by. */
    private static final long NEWEST_FILE = 16L << 20;

    Position find() throws IOException {
        long mark = inventory.mark();
        List<LtxObject> listed = catalogue.list();
        Txid highest = listed.stream()
                .map(LtxObject::max)
                .max(Comparator.naturalOrder())
                .orElse(Txid.NONE);
        List<LtxObject> usable = inventory.usable(listed, mark);
        while (true) {
            LtxPlanner planner = new LtxPlanner(where, usable);
            Txid whole = planner.whole();
            Set<String> unsound = findUnsound(planner, usable);
            if (unsound.isEmpty()) {
                return new Position(whole, highest, DifferenceStart.of(usable, whole), newestProof(usable, whole));
            }
            usable = usable.stream()
                    .filter(file -> !unsound.contains(file.key()))
                    .toList();
        }
    }

    /** Looks at the files that restore a state, and at all that end there. */
    private Set<String> findUnsound(LtxPlanner planner, List<LtxObject> usable) throws IOException {
        Txid whole = planner.whole();
        Set<String> needed = keysOfPlan(planner, whole);
        Set<String> unsound = new HashSet<>();
        for (LtxObject file : usable) {
            boolean newest = file.max().equals(whole);
            if ((newest || needed.contains(file.key()))
                    && !soundness.check(file, newest ? NEWEST_FILE : Soundness.SMALL_FILE)) {
                unsound.add(file.key());
            }
        }
        return unsound;
    }

    private static Set<String> keysOfPlan(LtxPlanner planner, Txid whole) throws ReplicaException {
        Set<String> keys = new HashSet<>();
        if (!whole.isNone()) {
            planner.plan(new RestoreTarget.AtTxid(whole)).files().forEach(file -> keys.add(file.key()));
        }
        return keys;
    }

    private Optional<Proof> newestProof(Collection<LtxObject> usable, Txid whole) {
        return usable.stream()
                .filter(file -> file.max().equals(whole))
                .sorted()
                .flatMap(file -> inventory.proof(file).stream())
                .findFirst();
    }
}

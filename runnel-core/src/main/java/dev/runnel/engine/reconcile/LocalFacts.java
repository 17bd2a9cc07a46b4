package dev.runnel.engine.reconcile;

import dev.runnel.ltx.Txid;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known here when a replica is observed. All of it survives a restart, but for times.
 *
 * @param newest the newest TXID of the local history
 * @param lineage of the local history
 * @param pending how the local history began, if it was not reconciled with this replica since
 * @param atOpening the highest TXID at this replica when the local history was opened; empty if it was unreachable
 * @param mayLeaveEncryption whether history may continue where it is encrypted for keys that are not configured
 * @param started when this process began, by the wall clock
 * @param now in ticks
 * @param watch how long a replica with another history is watched, in ticks
 */
public record LocalFacts(
        Txid newest,
        OptionalLong lineage,
        Optional<Beginning> pending,
        Optional<Txid> atOpening,
        boolean mayLeaveEncryption,
        Instant started,
        long now,
        long watch) {
    /**
     * How the local history began.
     *
     * @param txid the newest TXID then; NONE if the record cannot be read
     * @param isAdoption whether there was no local history and the database did not match the newest state at the replica
     */
    public record Beginning(Txid txid, boolean isAdoption) {}
}

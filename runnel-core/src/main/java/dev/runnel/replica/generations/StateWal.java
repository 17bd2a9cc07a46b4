package dev.runnel.replica.generations;

import dev.runnel.ltx.Proof;
import dev.runnel.replica.Content;
import java.util.Optional;

/**
 * A WAL on its way to a replica.
 *
 * @param salts those in its header
 * @param state the state that its pages lead to; empty if it has no page
 * @param isChangeSet whether it continues the state of the TXID before, and no earlier one
 */
record StateWal(Content content, WalSalts salts, Optional<Proof> state, boolean isChangeSet) {
    /** The WAL of a change set. */
    static StateWal changeSet(Content content, Proof state) {
        return new StateWal(content, WalSalts.of(state.databaseChecksum()), Optional.of(state), true);
    }

    /** A WAL that several TXIDs came in. */
    static StateWal difference(Content content, Proof state) {
        return new StateWal(content, WalSalts.of(state.databaseChecksum()), Optional.of(state), false);
    }

    /** A WAL that stands for no state. */
    static StateWal filler(Content content, WalSalts salts) {
        return new StateWal(content, salts, Optional.empty(), false);
    }
}

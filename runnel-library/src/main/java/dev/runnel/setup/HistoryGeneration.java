package dev.runnel.setup;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.History;
import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.Generation;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** A generation as commands show and restore it, in either layout. */
public sealed interface HistoryGeneration {
    /** 16 hex digits. */
    String name();

    /** The time of its oldest object. */
    Instant start();

    /** The time of its newest object. */
    Instant end();

    /** From where to where it goes, by which the newest is chosen; empty if nothing in it can be restored. */
    Optional<HistoryExtent> extent() throws IOException;

    /** What it is restored from. */
    Restorable history();

    /** Its newest state. */
    RestoreTarget newest();

    /** The state at an index, that of the WAL with this index included; an index past the last one means everything. */
    RestoreTarget atIndex(long index);

    /**
     * The newest state at or before a time.
     *
     * @throws ReplicaException.NotReachable if it has none
     */
    RestoreTarget atTime(Instant time) throws IOException;

    /** One that Litestream 0.3 lays out. */
    record OfWals(Generation generation, Restorable history) implements HistoryGeneration {
        @Override
        public String name() {
            return generation.name();
        }

        @Override
        public Instant start() {
            return generation.oldest().orElseThrow();
        }

        @Override
        public Instant end() {
            return generation.newest().orElseThrow();
        }

        @Override
        public Optional<HistoryExtent> extent() throws IOException {
            return history.extent();
        }

        @Override
        public RestoreTarget newest() {
            return new RestoreTarget.Latest();
        }

        @Override
        public RestoreTarget atIndex(long index) {
            return index > generation.lastIndex() ? newest() : new RestoreTarget.AtTxid(new Txid(index + 1));
        }

        @Override
        public RestoreTarget atTime(Instant time) {
            return new RestoreTarget.AtTime(time);
        }
    }

    /** A chain of LTX files: its name is the TXID it starts from, and an index is a TXID. */
    record OfTxids(History.Chain chain, Restorable history) implements HistoryGeneration {
        @Override
        public String name() {
            return chain.txids().min().toString();
        }

        @Override
        public Instant start() {
            return chain.from();
        }

        @Override
        public Instant end() {
            return chain.to();
        }

        @Override
        public Optional<HistoryExtent> extent() throws IOException {
            return history.extent().map(all -> all.upTo(chain.txids().max(), chain.to()));
        }

        @Override
        public RestoreTarget newest() {
            return new RestoreTarget.AtTxid(chain.txids().max());
        }

        @Override
        public RestoreTarget atIndex(long index) {
            Txid txid = new Txid(index);
            return txid.isAfter(chain.txids().max()) ? newest() : new RestoreTarget.AtTxid(txid);
        }

        @Override
        public RestoreTarget atTime(Instant time) throws IOException {
            if (time.isBefore(chain.from())) {
                throw new ReplicaException.NotReachable(
                        history.description() + ": generation " + name() + " begins at " + chain.from(),
                        "Restore a point after that, or another generation.");
            }
            RestorePlan plan = history.plan(new RestoreTarget.AtTime(time));
            return plan.reached().isAfter(chain.txids().max()) ? newest() : new RestoreTarget.AtTxid(plan.reached());
        }
    }
}

package dev.runnel.replica.ltx;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.Position;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Upkeep;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/** Does with a replica what the engine does, on one thread and by a simulated clock. */
final class ModelReplicator implements LocalChanges {
    private final ObjectStore store;
    private final ModelSource database;
    private final SimulatedClock clock;
    private final LtxPolicy policy;
    private final Duration looks;
    private final CrashDisk disk;
    private LtxReplica replica;
    private Optional<Position> position = Optional.empty();
    private long lookedAt;
    private long maintainAt;
    private long settled;
    private long logFrom = 1;
    private int rooms;

    /** @param looks how often the replica is looked at */
    ModelReplicator(ObjectStore store, ModelSource database, SimulatedClock clock, LtxPolicy policy, Duration looks) {
        this.store = store;
        this.database = database;
        this.clock = clock;
        this.policy = policy;
        this.looks = looks;
        this.disk = new CrashDisk(clock);
        this.replica = open();
    }

    /** The process ends and another starts. */
    void restart() {
        replica = open();
        position = Optional.empty();
    }

    /** The change log loses what is before a TXID. */
    void trimLog(long before) {
        logFrom = Math.max(logFrom, before);
    }

    /** Up to which TXID the log will not be asked for. */
    long settled() {
        return settled;
    }

    /** Brings everything up to date and maintains it. Trouble at the store is taken up again at the next step. */
    void step() throws IOException {
        try {
            if (position.isEmpty() || clock.ticks() - lookedAt >= looks.toNanos()) {
                position = Optional.of(replica.position());
                lookedAt = clock.ticks();
                maintainAt = clock.ticks();
            }
            bringUp();
            if (clock.ticks() >= maintainAt) {
                maintain();
            }
        } catch (StoreException | ReplicaException.Damaged | ReplicaException.Vanished e) {
            position = Optional.empty();
        }
    }

    private void bringUp() throws IOException {
        while (position.orElseThrow().whole().value() < database.newest()) {
            Position at = position.orElseThrow();
            long next = at.whole().value() + 1;
            maintainAt = clock.ticks();
            if (at.differenceFrom().value() == 1) {
                replica.baseline(database.image(database.newest()));
            } else if (next >= logFrom && !at.whole().isNone()) {
                replica.append(database.changes(next, next));
                if (!at.highest().isAfter(new Txid(next))) {
                    position = Optional.of(
                            new Position(new Txid(next), new Txid(next), at.differenceFrom(), Optional.empty()));
                    continue;
                }
            } else {
                replica.append(database.changes(at.differenceFrom().value(), database.newest()));
            }
            position = Optional.of(replica.position());
        }
    }

    private void maintain() throws IOException {
        Upkeep upkeep = replica.maintain(this);
        settled = upkeep.settled().value();
        if (upkeep.baseline() == Upkeep.Baseline.DUE) {
            replica.baseline(database.image(database.newest()));
            maintainAt = clock.ticks();
        } else {
            maintainAt = clock.ticks() + upkeep.again().toNanos();
        }
    }

    private LtxReplica open() {
        Scratch none = () -> {
            throw new IOException("a small file needs no scratch");
        };
        return new LtxReplica(
                store, Replicas.KEYS, new BaselineEncoding(ForkJoinPool.commonPool(), 2, none), policy, clock);
    }

    @Override
    public boolean has(TxidRange range) {
        return range.min().value() >= logFrom && range.max().value() <= database.newest();
    }

    @Override
    public InputStream open(Txid txid) throws IOException {
        if (txid.value() < logFrom) {
            throw new NoSuchFileException("change set " + txid);
        }
        return new ByteArrayInputStream(database.file(txid.value(), txid.value()));
    }

    @Override
    public DiskFile room() throws IOException {
        return Scratch.at(disk, Path.of("/room-" + rooms++)).create();
    }
}

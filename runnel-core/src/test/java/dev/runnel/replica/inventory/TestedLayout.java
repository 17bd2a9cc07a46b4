package dev.runnel.replica.inventory;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.Replica;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsPolicy;
import dev.runnel.replica.generations.GenerationsReplica;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.CrashDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/** The layouts, each of which has to give the same guarantees. Nothing else of a layout is known to the tests of these. */
public enum TestedLayout {
    LTX {
        @Override
        public Replica open(
                ObjectStore store,
                Optional<Duration> retention,
                Clock clock,
                ListedTimes times,
                Optional<OwnUploads> uploads) {
            LtxKeys keys = times == ListedTimes.OWN ? LtxKeys.folder() : LtxKeys.of("%04x/", ListedTimes.OF_UPLOADS);
            LtxPolicy policy = new LtxPolicy(
                    Duration.ofDays(100), retention, Optional.empty(), Duration.ZERO, List.of(), AgeSource.WALL_CLOCK);
            Scratch scratch = Scratch.at(new CrashDisk(clock), Path.of("/index"));
            return new LtxReplica(
                    store, keys, new BaselineEncoding(ForkJoinPool.commonPool(), 2, scratch), policy, clock, uploads);
        }

        @Override
        public String changeSet(long txid) {
            return LtxKeys.folder().key(LtxKeys.CHANGE_SETS, TxidRange.of(new Txid(txid)));
        }

        @Override
        public String snapshot(long txid) {
            return LtxKeys.folder().key(LtxKeys.BASELINES, new TxidRange(new Txid(1), new Txid(txid)));
        }

        @Override
        public List<String> absurdNames() {
            return List.of(
                    "ltx/0/7fffffffffffffff-7fffffffffffffff.ltx",
                    "ltx/0/7ffffffffffffffe-7ffffffffffffffe.ltx",
                    "ltx/9/0000000000000001-7fffffffffffffff.ltx",
                    "ltx/9/0000000000000001-7ffffffffffffffe.ltx",
                    "ltx/1/0000000000000002-7fffffffffffffff.ltx");
        }
    },
    GENERATIONS {
        @Override
        public Replica open(
                ObjectStore store,
                Optional<Duration> retention,
                Clock clock,
                ListedTimes times,
                Optional<OwnUploads> uploads) {
            CrashDisk disk = new CrashDisk(clock);
            return new GenerationsReplica(
                    store,
                    times == ListedTimes.OWN ? GenerationKeys.DEFAULT : GenerationKeys.at(ListedTimes.OF_UPLOADS),
                    Scratch.at(disk, Path.of("/reading")),
                    Scratch.at(disk, Path.of("/writing")),
                    new GenerationsPolicy(Duration.ofDays(100), retention, Duration.ZERO, AgeSource.WALL_CLOCK),
                    clock,
                    uploads);
        }

        @Override
        public String changeSet(long txid) {
            return String.format(
                    Locale.ROOT, "generations/%016x/wal/%08x_00000000.wal.lz4", ModelDatabase.LINEAGE, txid - 1);
        }

        @Override
        public String snapshot(long txid) {
            return String.format(
                    Locale.ROOT, "generations/%016x/snapshots/%08x.snapshot.lz4", ModelDatabase.LINEAGE, txid);
        }

        @Override
        public List<String> absurdNames() {
            return List.of(
                    changeSet(0x80000000L),
                    changeSet(0x7fffffffL),
                    snapshot(0x7fffffffL),
                    snapshot(0x7ffffffeL),
                    changeSet(1).replace("00000000_00000000", "7fffffff_7fffffffffffff0"));
        }
    };

    /** A replica as a process that has just started sees it; it tells ages by the wall clock. */
    public Replica open(ObjectStore store, Optional<Duration> retention, Clock clock, ListedTimes times) {
        return open(store, retention, clock, times, Optional.empty());
    }

    /** The same on a machine that cannot decrypt what is there. */
    public abstract Replica open(
            ObjectStore store,
            Optional<Duration> retention,
            Clock clock,
            ListedTimes times,
            Optional<OwnUploads> uploads);

    public Replica open(ObjectStore store, Duration retention, Clock clock) {
        return open(store, Optional.of(retention), clock, ListedTimes.OWN);
    }

    /** The key of a change set. */
    public abstract String changeSet(long txid);

    /** The key of a snapshot. */
    public abstract String snapshot(long txid);

    /** Names that no process ever gives, but a copy, a bug or a hand may leave. */
    public abstract List<String> absurdNames();
}

package dev.runnel.replica.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.PageSize;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.Replica;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.Restorer;
import dev.runnel.store.ByteRange;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.Bodies;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Snapshots at TXIDs 1, 10 and 20, and a change set each hour, for the tests of what each layout guarantees. */
public final class TestedHistory {
    public static final Duration HOUR = Duration.ofHours(1);
    public static final Duration RETENTION = HOUR.multipliedBy(10);
    public static final long NEWEST = 31;

    /** The newest snapshot that is older than the retention, and the one before it. */
    public static final long FLOOR = 20;

    public static final long EARLIER = 10;

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final MemoryStore memory = new MemoryStore(clock);
    private final ModelDatabase database =
            new ModelDatabase(new Random(5), ModelDatabase.LINEAGE, new PageSize(4096), 90);

    public SimulatedClock clock() {
        return clock;
    }

    /** Where the objects are, as they are stored. */
    public MemoryStore memory() {
        return memory;
    }

    public ModelDatabase database() {
        return database;
    }

    /** Writes what is not written yet; then it is half an hour after the newest. */
    public void writeTo(Replica replica) throws IOException {
        replica.position();
        while (database.newest() < NEWEST) {
            clock.advance(HOUR);
            long txid = database.commitAt(clock.now());
            if (txid == 1 || replica.position().whole().isNone()) {
                replica.baseline(database.image(txid));
            } else {
                replica.append(database.changes(txid));
                if (txid == EARLIER || txid == FLOOR) {
                    replica.baseline(database.image(txid));
                }
            }
        }
        clock.advance(HOUR.dividedBy(2));
        assertThat(replica.position().whole().value()).isEqualTo(NEWEST);
    }

    /** An object gets another content, and keeps its time. */
    public void damage(String key, UnaryOperator<byte[]> damage) throws IOException {
        ObjectInfo there = memory.stat(key).orElseThrow();
        try (InputStream in = memory.open(key, ByteRange.ALL)) {
            memory.put(key, Bodies.of(damage.apply(in.readAllBytes())), PutOptions.replace(there.time()));
        }
    }

    public Set<String> keys() throws IOException {
        try (Stream<ObjectInfo> listing = memory.list("", Optional.empty())) {
            return listing.map(ObjectInfo::key).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    public void assertRestores(Restorable history, RestoreTarget target, long txid) throws IOException {
        CrashDisk disk = new CrashDisk(clock);
        Path output = Path.of("/restored.db");
        new Restorer(disk, clock, Entropy.system(), Executors::newFixedThreadPool)
                .restore(history, target, output, RestoreOptions.DEFAULT);
        byte[] expected = database.content(txid);
        ByteBuffer found = ByteBuffer.allocate(expected.length + 1);
        try (DiskFile file = disk.openToRead(output)) {
            assertThat(file.read(found, 0)).isEqualTo(expected.length);
        }
        assertThat(Arrays.copyOf(found.array(), expected.length))
                .as("TXID %d", txid)
                .isEqualTo(expected);
    }
}

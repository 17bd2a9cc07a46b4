package dev.runnel.engine;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.Restorer;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SameThread;
import dev.runnel.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** What a simulated location restores to, for somebody who comes with nothing but what is there. */
final class SimulatedRestores {
    private final SimulatedClock clock;
    private final SimulatedLayout layout;
    private final SimulatedStore store;

    /** What was restored, by the objects it was restored from. */
    private final Map<String, byte[]> restored = new HashMap<>();

    SimulatedRestores(SimulatedClock clock, SimulatedLayout layout, SimulatedStore store) {
        this.clock = clock;
        this.layout = layout;
        this.store = store;
    }

    /** What a TXID restores to: any of several states, if several generations have it, intact or not, and one has to be named. */
    List<byte[]> at(Txid txid) throws IOException {
        RestoreTarget target = new RestoreTarget.AtTxid(txid);
        try {
            return List.of(to(target));
        } catch (ReplicaException.NotReachable e) {
            List<byte[]> found = new ArrayList<>();
            for (Restorable part : layout.parts(store)) {
                try {
                    found.add(to(part, target));
                } catch (ReplicaException _) {
                    // It is in another one.
                }
            }
            if (found.isEmpty()) {
                throw e;
            }
            return found;
        }
    }

    /**
     * What restores if nothing is said. Where a generation has lost its mark, it may be impossible to tell which one is the
     * newest; then it is refused, and that of a generation that is named counts.
     */
    byte[] newest(byte[] expected) throws IOException {
        try {
            return to(new RestoreTarget.Latest());
        } catch (ReplicaException.NotReachable e) {
            for (Restorable part : hasUnmarked() ? layout.parts(store) : List.<Restorable>of()) {
                if (isNewest(part, expected)) {
                    return expected;
                }
            }
            throw e;
        }
    }

    private boolean isNewest(Restorable part, byte[] expected) {
        try {
            return Arrays.equals(to(part, new RestoreTarget.Latest()), expected);
        } catch (IOException _) {
            // It is another one.
            return false;
        }
    }

    boolean hasUnmarked() {
        return store.all().stream()
                .flatMap(object -> SimulatedLayout.mark(object.key()).stream())
                .anyMatch(mark -> !store.has(mark));
    }

    /** What a target restores to. The same content of the same objects restores to the same each time. */
    byte[] to(RestoreTarget target) throws IOException {
        return to(layout.open(store, clock), target);
    }

    private byte[] to(Restorable replica, RestoreTarget target) throws IOException {
        Duration delay = store.delay(Duration.ZERO);
        try {
            String sources = replica.plan(target, Set.of()).files().stream()
                    .map(file -> file.key() + "@" + store.version(file.key()))
                    .collect(Collectors.joining(" "));
            byte[] known = restored.get(sources);
            if (known == null) {
                known = restore(replica, target, clock);
                restored.put(sources, known);
            }
            return known;
        } finally {
            var _ = store.delay(delay);
        }
    }

    /** What a replica restores to. */
    static byte[] restore(Restorable replica, RestoreTarget target, SimulatedClock clock) throws IOException {
        CrashDisk disk = new CrashDisk(clock);
        Path output = Path.of("/restored.db");
        new Restorer(disk, clock, new Random(1)::nextLong, _ -> new SameThread())
                .restore(replica, target, output, RestoreOptions.DEFAULT);
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        try (DiskFile file = disk.openToRead(output)) {
            file.read(bytes, 0);
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}

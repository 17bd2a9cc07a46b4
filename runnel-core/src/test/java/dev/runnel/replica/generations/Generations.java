package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the tests of the {@code generations} layout do to replicas. */
final class Generations {
    private Generations() {}

    /** A replica as a process that has just started sees it. */
    static GenerationsReplica open(ObjectStore store, Path folder) {
        return open(store, folder, GenerationsPolicy.DEFAULT, Clock.system());
    }

    static GenerationsReplica open(ObjectStore store, Path folder, GenerationsPolicy policy, Clock clock) {
        return new GenerationsReplica(
                store,
                GenerationKeys.DEFAULT,
                Scratch.at(Disk.system(), folder.resolve("reading")),
                Scratch.at(Disk.system(), folder.resolve("writing")),
                policy,
                clock);
    }

    /** The keys of all objects below the root of the layout. */
    static List<String> names(ObjectStore store) throws IOException {
        try (Stream<ObjectInfo> listing = store.list("generations/", Optional.empty())) {
            return listing.map(ObjectInfo::key)
                    .map(key -> key.substring("generations/".length()))
                    .sorted()
                    .toList();
        }
    }

    /** The database that a target gives without what is damaged; where the history says which checksum it has, it has it. */
    static byte[] restore(Restorable history, RestoreTarget target) throws IOException {
        Set<String> damaged = new HashSet<>();
        while (true) {
            try {
                return read(history, history.plan(target, damaged));
            } catch (ReplicaException.Damaged e) {
                assertThat(damaged.add(e.key().orElseThrow())).as("%s", e).isTrue();
            }
        }
    }

    private static byte[] read(Restorable history, RestorePlan plan) throws IOException {
        try (PlanSource source = history.read(plan)) {
            int pageSize = source.pageSize();
            byte[] database = new byte[pageSize * source.pageCount()];
            for (Optional<PlanSource.Run> run = source.next(); run.isPresent(); run = source.next()) {
                run.get()
                        .readTo((number, data, offset) ->
                                System.arraycopy(data, offset, database, (number - 1) * pageSize, pageSize));
            }
            source.databaseChecksum()
                    .ifPresent(
                            claimed -> assertThat(checksum(database, pageSize)).isEqualTo(claimed));
            return database;
        }
    }

    private static long checksum(byte[] database, int pageSize) {
        long checksum = Checksums.EMPTY;
        for (int number = 1; number <= database.length / pageSize; number++) {
            if (number != new PageSize(pageSize).lockPage()) {
                int offset = (number - 1) * pageSize;
                checksum = Checksums.with(checksum, number, Checksums.page(number, database, offset, pageSize));
            }
        }
        return checksum;
    }
}

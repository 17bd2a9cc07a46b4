package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.History;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.generations.GenerationCatalogue;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsHistory;
import dev.runnel.store.FolderStore;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Restores every point that the real Litestream 0.3.13 was asked for, from the replicas it wrote. The bytes must be the
 * same, with one difference that is meant: a time between two generations, or after the newest object, stands for the
 * newest state before it, as in the other layout. Litestream 0.3 refuses it.
 */
@Tag("slow")
class GenerationFixturesTest {
    private static final Fixture WHOLE = Fixture.of("litestream-0.3/small-512");

    @TempDir
    Path folder;

    /** What a replica is, whatever it is stored in. */
    private record Place(ObjectStore store, GenerationKeys keys, Path scratch) {
        Restorable all() {
            return GenerationsHistory.all(store, keys, Scratch.at(Disk.system(), scratch));
        }

        Restorable one(String generation) {
            return GenerationsHistory.one(store, keys, Scratch.at(Disk.system(), scratch), generation);
        }

        Generation newest() throws IOException {
            return new GenerationCatalogue(store, keys)
                    .list().stream()
                            .max(Comparator.comparing(
                                    generation -> generation.newest().orElseThrow()))
                            .orElseThrow();
        }
    }

    @TestFactory
    Stream<DynamicContainer> everyListedPointRestoresToTheSameBytes() throws IOException {
        return Stream.of("plain-4096", "plain-512", "plain-65536", "many-indexes-512", "small-512")
                .map(name -> Fixture.of("litestream-0.3/" + name))
                .map(fixture -> points(fixture, inFolder(fixture)));
    }

    @TestFactory
    Stream<DynamicContainer> everyPointOfAReplicaInS3RestoresToTheSameBytes() throws IOException {
        Fixture fixture = Fixture.of("litestream-0.3-s3");
        return Stream.of(
                points(fixture, new Place(inMemory(fixture), new GenerationKeys("app/generations/"), scratch())));
    }

    private DynamicContainer points(Fixture fixture, Place place) {
        try {
            return DynamicContainer.dynamicContainer(
                    fixture.name(),
                    fixture.entries().stream()
                            .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> check(place, entry))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void check(Place place, Fixture.Entry entry) throws IOException {
        if (entry.error().equals("no matching backups found") && !entry.note().startsWith("1 ns before")) {
            // The newest state before the time: that of the newest object, which is an entry of its own.
            Instant time = Instant.parse(entry.arguments().getLast());
            assertThat(place.all().plan(new RestoreTarget.AtTime(time)).time()).isBefore(time);
        } else if (entry.error().startsWith("invalid value")) {
            // What may be written as a flag is the command line's.
            assertThat(entry.arguments()).contains("-index");
        } else if (entry.sha256().isEmpty()) {
            assertThatThrownBy(() -> restore(place, entry)).isInstanceOf(ReplicaException.NotReachable.class);
        } else {
            assertThat(restore(place, entry)).isEqualTo(entry.sha256().get());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            missing-segment              | 22 | segments (between them )?are missing
            missing-segment-newest-index | 8  | segments (between them )?are missing
            missing-first-segment        | 24 | segments are missing after
            missing-index                | 23 | segments are missing after, no segment of that WAL is there
            truncated-segment            | 6  | wal/00000004_000023b8.wal.lz4: it ends at byte
            truncated-snapshot           | 0  | ''
            """)
    void ofADamagedReplicaWhatIsWholeIsRestoredAndTheRestIsRefusedByName(String name, int refused, String reason)
            throws IOException {
        Fixture fixture = Fixture.of("litestream-0.3/" + name);
        Place place = inFolder(fixture);
        Set<String> refusals = new LinkedHashSet<>();
        int count = 0;
        for (Fixture.Entry entry : fixture.entries()) {
            Fixture.Entry whole = sameIn(entry);
            if (whole.sha256().isPresent()) {
                try {
                    assertThat(restore(place, entry))
                            .as(entry.name())
                            .isEqualTo(whole.sha256().get());
                } catch (ReplicaException e) {
                    count++;
                    refusals.add(e.reason());
                    assertThat(e).as(entry.name()).hasMessageContaining("nearest restorable");
                    assertThat(e.reason()).containsPattern(reason.replace(", ", "|"));
                }
            }
        }
        assertThat(count).as(String.join("\n", refusals)).isEqualTo(refused);
    }

    /** Nothing there says that more is missing than was written; the answer names what it is. */
    @Test
    void aSnapshotWithoutItsWalIsRestoredAsItIs() throws IOException {
        Place place = inFolder(Fixture.of("litestream-0.3/snapshot-ahead"));
        Instant before = Instant.parse("2026-11-21T09:10:02.596961931Z");

        assertThat(place.all().plan(new RestoreTarget.Latest()).point())
                .isEqualTo("snapshot 2972fc9597475dfd/00000002");
        assertThat(restored(place.all(), new RestoreTarget.Latest()))
                .isEqualTo(WHOLE.entry("-generation", "2972fc9597475dfd", "-index", "00000001")
                        .sha256()
                        .orElseThrow());
        for (RestoreTarget target : List.of(
                new RestoreTarget.AtTxid(new Txid(2)),
                new RestoreTarget.AtTxid(new Txid(3)),
                new RestoreTarget.AtTime(before))) {
            assertThatThrownBy(() -> place.one("2972fc9597475dfd").plan(target))
                    .isInstanceOf(ReplicaException.NotReachable.class)
                    .hasMessageContaining("nearest restorable");
        }
    }

    private static Fixture.Entry sameIn(Fixture.Entry entry) throws IOException {
        return WHOLE.entry(entry.arguments().toArray(String[]::new));
    }

    @Test
    void theGenerationWithTheNewestObjectIsNotPassedOverBecauseItHasNoSnapshot() throws IOException {
        Place place = inFolder(Fixture.of("litestream-0.3/empty-generation"));

        assertThatThrownBy(() -> place.all().plan(new RestoreTarget.Latest()))
                .isInstanceOf(ReplicaException.NotReachable.class)
                .hasMessageContaining("00c0ffee00c0ffee cannot be restored: there is no snapshot to start from");
        assertThat(place.one("2972fc9597475dfd")
                        .plan(new RestoreTarget.Latest())
                        .point())
                .isEqualTo("2972fc9597475dfd/00000004:9144");
        assertThat(place.all().history().chains()).hasSize(1);
        assertThatThrownBy(() -> place.one("0123456789abcdef").plan(new RestoreTarget.Latest()))
                .isInstanceOf(ReplicaException.NothingToRestore.class);
    }

    @Test
    void historyHasOneChainAGeneration() throws IOException {
        Place place = inFolder(Fixture.of("litestream-0.3/plain-512"));

        assertThat(place.all().history().chains())
                .extracting(History.Chain::from)
                .containsExactly(
                        Instant.parse("2026-11-21T09:07:55.255621483Z"),
                        Instant.parse("2026-11-21T09:08:16.867203833Z"),
                        Instant.parse("2026-11-21T09:08:26.442485803Z"));
    }

    private String restore(Place place, Fixture.Entry entry) throws IOException {
        return restored(chosen(place, entry), target(place, entry));
    }

    private String restored(Restorable history, RestoreTarget target) throws IOException {
        Path output = folder.resolve("restored.db");
        Files.deleteIfExists(output);
        Restores.restorer().restore(history, target, output, RestoreOptions.DEFAULT);
        return Restores.sha256(output);
    }

    private static Restorable chosen(Place place, Fixture.Entry entry) throws IOException {
        if (entry.arguments().contains("-generation")) {
            return place.one(entry.arguments().get(1));
        }
        return entry.arguments().contains("-index") ? place.one(place.newest().name()) : place.all();
    }

    private static RestoreTarget target(Place place, Fixture.Entry entry) throws IOException {
        List<String> arguments = entry.arguments();
        if (arguments.contains("-timestamp")) {
            return new RestoreTarget.AtTime(Instant.parse(arguments.getLast()));
        }
        if (!arguments.contains("-index")) {
            return new RestoreTarget.Latest();
        }
        // An index past the last one stands for everything.
        Txid last = chosen(place, entry).history().chains().getLast().txids().max();
        Txid wanted = new Txid(Integer.parseInt(arguments.getLast(), 16) + 1L);
        return wanted.isAfter(last) ? new RestoreTarget.Latest() : new RestoreTarget.AtTxid(wanted);
    }

    private Place inFolder(Fixture fixture) {
        Path copy = fixture.copyTo(folder.resolve(fixture.name()));
        return new Place(new FolderStore(Disk.system(), copy), GenerationKeys.DEFAULT, scratch());
    }

    private static MemoryStore inMemory(Fixture fixture) throws IOException {
        MemoryStore store = new MemoryStore(Clock.system());
        for (String line : Files.readAllLines(fixture.folder().resolve("keys.txt"))) {
            String[] fields = line.split("\t", -1);
            if (!line.startsWith("#")) {
                byte[] content =
                        Files.readAllBytes(fixture.folder().resolve("objects").resolve(fields[0]));
                store.put(fields[0], ModelHistory.body(content), PutOptions.replace(Instant.parse(fields[2])));
            }
        }
        return store;
    }

    private Path scratch() {
        return folder.resolve("scratch");
    }
}

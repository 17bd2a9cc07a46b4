package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores every point that the real Litestream 0.5 was asked for, from the replicas it wrote. The bytes must be the same,
 * with three differences that are meant:
 * <ul>
 *   <li>A time is inclusive here, as in Litestream 0.3; in 0.5 it is exclusive. What 0.5 gives one nanosecond later is what
 *       must come out.
 *   <li>A time after the newest file is the newest state; 0.5 says so too where the database is named by configuration,
 *       but refuses it where the replica is named by URL. That refusal belongs to the command line.
 *   <li>A TXID past the newest one is an error, as since 0.5.16; 0.5.5 gives the newest state.
 * </ul>
 */
@Tag("slow")
class LitestreamFixturesTest {
    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicContainer> everyListedPointRestoresToTheSameBytes() {
        return Stream.of(
                        "litestream-0.5/plain-4096",
                        "litestream-0.5/plain-512",
                        "litestream-0.5/plain-65536",
                        "litestream-0.5/retention",
                        "litestream-0.5/small-512",
                        "litestream-0.5/stray-names",
                        "litestream-0.5-frame/plain-4096",
                        "litestream-0.5-frame/plain-512",
                        "litestream-0.5-frame/plain-65536",
                        "litestream-0.5-frame/checkpoints-4096")
                .map(Fixture::of)
                .map(this::restores);
    }

    private DynamicContainer restores(Fixture fixture) {
        try {
            Replica replica = Restores.replicaIn(fixture.copyTo(folder.resolve(fixture.name())));
            List<Fixture.Entry> entries = fixture.entries();
            return DynamicContainer.dynamicContainer(
                    fixture.name(),
                    entries.stream()
                            .map(entry -> DynamicTest.dynamicTest(
                                    entry.name(), () -> check(replica, entry, expected(entry, entries)))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void check(Replica replica, Fixture.Entry entry, Optional<String> sha256) throws IOException {
        Path output = folder.resolve("restored-" + System.nanoTime() + ".db");
        if (sha256.isEmpty()) {
            assertThatThrownBy(() -> restore(replica, entry, output)).isInstanceOf(ReplicaException.NotReachable.class);
            return;
        }
        RestoreReport report = restore(replica, entry, output);

        assertThat(Restores.sha256(output)).isEqualTo(sha256.get());
        Files.delete(output);
        assertThat(report.image().provenBy()).isEqualTo(ProvenBy.FILE_CHECKSUMS);
    }

    private static RestoreReport restore(Replica replica, Fixture.Entry entry, Path output) throws IOException {
        return Restores.restorer().restore(replica, entry.restoreTarget(), output, RestoreOptions.DEFAULT);
    }

    /** What has to come out: the listed bytes, but for the differences that are meant. */
    private static Optional<String> expected(Fixture.Entry entry, List<Fixture.Entry> entries) {
        if (entry.note().startsWith("exactly the time of") || entry.note().equals("the time of the first file")) {
            String later = Instant.parse(entry.arguments().get(1)).plusNanos(1).toString();
            return entries.stream()
                    .filter(other -> !other.arguments().isEmpty()
                            && other.arguments().getFirst().equals("-timestamp")
                            && Instant.parse(other.arguments().get(1)).equals(Instant.parse(later)))
                    .findFirst()
                    .flatMap(other -> expected(other, entries));
        }
        if (entry.note().equals("past the newest TXID")) {
            return Optional.empty();
        }
        if (entry.error().equals("timestamp does not exist") && !isBeforeAll(entry, entries)) {
            return entries.getFirst().sha256();
        }
        return entry.sha256();
    }

    private static boolean isBeforeAll(Fixture.Entry entry, List<Fixture.Entry> entries) {
        Instant time = Instant.parse(entry.arguments().get(1));
        return entries.stream()
                .filter(other -> other.sha256().isPresent() && other.arguments().contains("-timestamp"))
                .noneMatch(other -> Instant.parse(other.arguments().get(1)).isBefore(time));
    }
}

package dev.runnel.tests;

import static dev.runnel.tests.TwoReplicas.DEAD;
import static dev.runnel.tests.TwoReplicas.LIMIT;
import static dev.runnel.tests.TwoReplicas.awaitShipped;
import static dev.runnel.tests.TwoReplicas.replica;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.Engine;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that is local is lost, or is that of an older day, while the replica that knows most is dead: what it holds is
 * found to be another history when it comes back, and that of the database goes on above it.
 */
@Tag("slow")
class ForkedReplicaTest {
    private static final long LARGE_LOG = DatabaseSpec.DEFAULT_LOG_LIMIT;
    private static final long SMALL_LOG = 1 << 20;
    private static final Fault ONE_FAILED_PUT = new Fault(Set.of(StoreOperation.PUT), Moment.BEFORE, 1, 1);

    @TempDir
    Path folder;

    private TwoReplicas two = new TwoReplicas(Path.of(""));

    @BeforeEach
    void lay() {
        two = new TwoReplicas(folder);
    }

    @Test
    void whatTheDeadReplicaHadStaysAndHistoryGoesOnAboveIt() throws Exception {
        try (Application application = Application.start(two.database())) {
            Former former = secondIsAhead(application);
            try (Engine engine = two.start(LARGE_LOG)) {
                overtake(application, former);
                secondComesBack(application);
                Await.until("it is well", LIMIT, () -> replica(engine, 1).health() instanceof Health.Healthy);
                application.order("and once more");
                two.awaitHas(two.second(), application);
                two.awaitHas(two.first(), application);
            }
            former.isStillThere();
            assertThat(new ReplicaOracle(two.first()).entries())
                    .as("the other replica needs nothing but change sets")
                    .allMatch(entry -> entry.level() == 0 || entry.maxTxid() < former.newest);
        }
    }

    @Test
    void noChangeSetOfOursIsMergedIntoTheFormerHistory() throws Exception {
        try (Application application = Application.start(two.database())) {
            Former former = secondIsAhead(application);
            two.mergeAtOnce();
            try (Engine engine = two.start(LARGE_LOG)) {
                overtake(application, former);
                secondComesBack(application);
                Path merged = Await.value("the former history is merged", LIMIT, () -> endingAt(former.newest, 1));
                assertThat(proof(merged))
                        .isEqualTo(proof(endingAt(former.newest, 0).orElseThrow()));
                assertThat(replica(engine, 1).health()).isEqualTo(new Health.Healthy());
            }
        }
    }

    private Optional<Path> endingAt(long txid, int level) {
        return new ReplicaOracle(two.second())
                .entries().stream()
                        .filter(entry -> entry.level() == level && entry.maxTxid() == txid)
                        .map(ReplicaOracle.Entry::file)
                        .findFirst();
    }

    /** The reserved bytes of the header: the checksum of the database after the file, and the lineage. */
    private static byte[] proof(Path ltx) throws IOException {
        return Arrays.copyOfRange(Files.readAllBytes(ltx), 80, 100);
    }

    @Test
    void thatIsKnownAfterTheLogHasForgottenItAndRunnelWasStartedAgain() throws Exception {
        try (Application application = Application.start(two.database())) {
            Former former = secondIsAhead(application);
            try (Engine engine = two.start(SMALL_LOG)) {
                overtake(application, former);
                for (int i = 0; i < 9; i++) {
                    application.bulk(700);
                    two.awaitHas(two.first(), application);
                }
                assertThat(engine.stop(Duration.ofSeconds(1)).isEverythingShipped())
                        .isFalse();
            }
            assertThat(two.metaFolder().resolve("log").resolve(changeSet(former.newest)))
                    .doesNotExist();
            try (Engine engine = two.start(SMALL_LOG)) {
                awaitShipped(engine, 0);
                secondComesBack(application);
            }
            former.isStillThere();
        }
    }

    @Test
    void aLocalStateOfAnOlderDayIsNoDifferent() throws Exception {
        try (Application application = Application.start(two.database()).orders(3, "before")) {
            Path kept = folder.resolve("kept");
            try (Engine engine = two.start(LARGE_LOG)) {
                two.awaitHas(two.second(), application);
                assertThat(engine.stop(LIMIT).isEverythingShipped()).isTrue();
            }
            Child.run(LIMIT, List.of("cp", "-a", two.metaFolder().toString(), kept.toString()));
            Child.run(LIMIT, List.of("cp", "-a", two.first().toString(), folder + "/first-kept"));
            Former former;
            try (Engine engine = two.start(LARGE_LOG)) {
                awaitShipped(engine, 1);
                former = ship(application, two.second());
            }
            Scene.deleteTree(two.metaFolder());
            Scene.deleteTree(two.first());
            Files.move(kept, two.metaFolder());
            Files.move(folder.resolve("first-kept"), two.first());
            two.secondStore().inject(DEAD);
            try (Engine engine = two.start(LARGE_LOG)) {
                overtake(application, former);
                assertThat(replica(engine, 1).shipped()).isEqualTo(Txid.NONE);
                secondComesBack(application);
            }
            former.isStillThere();
        }
    }

    /** The machine is set back to an older state, and the upload that separates the two histories fails. */
    @Test
    void i44AFailedSnapshotLeavesTheReplicaDivergedAndNothingIsAppendedToTheOtherHistory() throws Exception {
        Path kept = folder.resolve("kept");
        Path databaseKept = folder.resolve("database-kept");
        Former former;
        try (Application application =
                Application.start(two.database()).orders(3, "before").bulk(100)) {
            try (Engine engine = two.start(LARGE_LOG)) {
                two.awaitHas(two.second(), application);
                assertThat(engine.stop(LIMIT).isEverythingShipped()).isTrue();
            }
            application.run("pragma wal_checkpoint(truncate)");
            Files.copy(two.database(), databaseKept);
            Child.run(LIMIT, List.of("cp", "-a", two.metaFolder().toString(), kept.toString()));
            Child.run(LIMIT, List.of("cp", "-a", two.first().toString(), folder + "/first-kept"));
            try (Engine engine = two.start(LARGE_LOG)) {
                awaitShipped(engine, 1);
                application.bulk(20);
                former = ship(application, two.second());
            }
            application.run("pragma wal_checkpoint(truncate)");
        }
        Files.copy(databaseKept, two.database(), StandardCopyOption.REPLACE_EXISTING);
        Scene.deleteTree(two.metaFolder());
        Scene.deleteTree(two.first());
        Files.move(kept, two.metaFolder());
        Files.move(folder.resolve("first-kept"), two.first());
        two.secondStore().inject(DEAD);
        try (Application application = Application.start(two.database())) {
            try (Engine engine = two.start(LARGE_LOG)) {
                overtake(application.bulk(20), former);
                two.secondStore().inject(ONE_FAILED_PUT);
                application.order("after it came back");
                awaitShipped(engine, 1);
                application.order("and one more");
                two.awaitHas(two.first(), application);
                two.awaitHas(two.second(), application);
            }
            former.isStillThere();
            Path restored = new Restores(two.second(), folder).latest();
            assertThat(Application.ordersIn(restored)).isEqualTo(application.orders());
        }
    }

    @Test
    void aReplicaThatHasTheSameHistoryIsContinuedByChangeSets() throws Exception {
        try (Application application = Application.start(two.database()).orders(3, "before")) {
            try (Engine engine = two.start(LARGE_LOG)) {
                two.awaitHas(two.second(), application);
                assertThat(engine.stop(LIMIT).isEverythingShipped()).isTrue();
            }
            long known = new ReplicaOracle(two.second()).newestTxid();
            Scene.deleteTree(two.metaFolder());
            two.secondStore().inject(DEAD);
            try (Engine engine = two.start(LARGE_LOG)) {
                awaitShipped(engine, 0);
                application.order("while it was dead");
                two.awaitHas(two.first(), application);
                two.secondStore().heal();
                two.awaitHas(two.second(), application);
            }
            assertThat(new ReplicaOracle(two.second()).entries())
                    .filteredOn(entry -> entry.maxTxid() > known)
                    .isNotEmpty()
                    .allMatch(entry -> entry.level() == 0);
        }
    }

    @Test
    void whoeverStillWritesThereIsLeftAloneAndOursStops() throws Exception {
        try (Application application = Application.start(two.database())) {
            Path held = folder.resolve("held");
            Path newest = two.second().resolve("ltx/0").resolve(ltxFile(secondIsAhead(application).newest));
            Files.move(newest, held);
            Former former = new Former();
            try (Engine engine = two.start(LARGE_LOG)) {
                overtake(application, former);
                overtake(application, former);
                two.secondStore().heal();
                Await.until(
                        "it is seen",
                        LIMIT,
                        () -> replica(engine, 1).health() instanceof Health.Degraded
                                && replica(engine, 1)
                                        .health()
                                        .toString()
                                        .contains("is not the history of this database's local files"));
                Files.move(held, newest);
                awaitStopped(engine);
            }
            assertThat(new ReplicaOracle(two.second()).newestTxid()).isEqualTo(former.newest + 1);
            former.isStillThere();
        }
    }

    @Test
    void whoeverHasWrittenThereSinceWeStartedIsLeftAloneToo() throws Exception {
        try (Application application = Application.start(two.database())) {
            Former former = secondIsAhead(application);
            Files.setLastModifiedTime(
                    two.second().resolve("ltx/0").resolve(ltxFile(former.newest)),
                    FileTime.from(Instant.now().plus(Duration.ofHours(1))));
            try (Engine engine = two.start(LARGE_LOG)) {
                overtake(application, former);
                two.secondStore().heal();
                awaitStopped(engine);
                application.order("only at the first");
                two.awaitHas(two.first(), application);
            }
            assertThat(new ReplicaOracle(two.second()).newestTxid()).isEqualTo(former.newest);
            former.isStillThere();
        }
    }

    @Test
    void inTheLayoutOfLitestream03ItGoesOnAboveAsWell() throws Exception {
        try (Application application = Application.start(two.database()).orders(3, "before")) {
            Txid former;
            List<String> orders;
            try (Engine engine = two.startWithGenerations(LARGE_LOG)) {
                awaitShipped(engine, 0);
                awaitShipped(engine, 1);
                two.firstStore().inject(DEAD);
                for (int i = 0; i < 4; i++) {
                    application.order("only at the second");
                    awaitOrders(application);
                }
                orders = application.orders();
                former = replica(engine, 1).shipped();
            }
            Map<Path, Long> contents = FileDigests.of(two.second());
            loseLocalState();
            try (Engine engine = two.startWithGenerations(LARGE_LOG)) {
                while (new ReplicaOracle(two.first()).newestTxid() <= former.value()) {
                    application.order("only at the first");
                    two.awaitHas(two.first(), application);
                }
                two.secondStore().heal();
                application.order("after it came back");
                awaitOrders(application);
                awaitShipped(engine, 1);
            }
            assertThat(FileDigests.of(two.second())).containsAllEntriesOf(contents);
            Restores restores = new Restores(two.second(), folder);
            assertThat(Application.ordersIn(restores.at(former.value()))).isEqualTo(orders);
            assertThatExceptionOfType(ReplicaException.NotReachable.class)
                    .isThrownBy(() -> two.generations().plan(new RestoreTarget.AtTxid(former.next())));
        }
    }

    private void awaitOrders(Application application) throws SqlFailure {
        List<String> orders = application.orders();
        Restores restores = new Restores(two.second(), folder);
        Await.until("the second restores to " + orders.size() + " orders", LIMIT, () -> {
            Path restored = restores.latest();
            boolean same = Application.ordersIn(restored).equals(orders);
            Restores.discard(restored);
            return same;
        });
    }

    /** What a replica held before all that is local was lost. */
    private final class Former {
        private final long newest = new ReplicaOracle(two.second()).newestTxid();
        private final List<String> orders = two.ordersAt(two.second(), newest);
        private final Map<Path, Long> contents;

        Former() throws IOException {
            contents = FileDigests.of(two.second());
        }

        void isStillThere() throws IOException {
            assertThat(FileDigests.of(two.second())).containsAllEntriesOf(contents);
            assertThat(two.ordersAt(two.second(), newest)).isEqualTo(orders);
        }
    }

    /** The first replica misses the newest change sets, all that is local is lost, and the second is dead. */
    private Former secondIsAhead(Application application) throws Exception {
        application.orders(3, "before");
        Former former;
        try (Engine engine = two.start(LARGE_LOG)) {
            awaitShipped(engine, 0);
            two.awaitHas(two.second(), application);
            two.firstStore().inject(DEAD);
            former = ship(application, two.second());
        }
        loseLocalState();
        return former;
    }

    private void loseLocalState() {
        Scene.deleteTree(two.metaFolder());
        two.firstStore().heal();
        two.secondStore().inject(DEAD);
    }

    /** What is committed after it gets there, too. */
    private void secondComesBack(Application application) throws SqlFailure {
        two.secondStore().heal();
        application.order("after it came back");
        two.awaitHas(two.second(), application);
    }

    /** A TXID each. */
    private Former ship(Application application, Path to) throws SqlFailure, IOException {
        for (int i = 0; i < 4; i++) {
            application.order("former " + i);
            two.awaitHas(to, application);
        }
        return new Former();
    }

    /** The new history gets more TXIDs than the former one had. */
    private void overtake(Application application, Former former) throws SqlFailure {
        for (int i = 0; i == 0 || new ReplicaOracle(two.first()).newestTxid() <= former.newest; i++) {
            application.order("later " + i);
            two.awaitHas(two.first(), application);
        }
    }

    private static void awaitStopped(Engine engine) {
        Await.until("the second is stopped", LIMIT, () -> replica(engine, 1).health() instanceof Health.Stopped);
    }

    private static String ltxFile(long txid) {
        return String.format("%1$016x-%1$016x.ltx", txid);
    }

    private static String changeSet(long txid) {
        return String.format("%016x.change", txid);
    }
}

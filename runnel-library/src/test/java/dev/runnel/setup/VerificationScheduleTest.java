package dev.runnel.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.Runnel;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.location.FolderLocation;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlSession;
import dev.runnel.verify.HistoryReport;
import dev.runnel.verify.HistoryReport.Comparison;
import dev.runnel.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that are verified by themselves, of a database that Runnel has followed. */
final class VerificationScheduleTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration OFTEN = Duration.ofMillis(20);

    @TempDir
    private Path folder;

    private final List<HistoryReport> reports = new CopyOnWriteArrayList<>();
    private final List<IOException> faults = new CopyOnWriteArrayList<>();
    private Path replica = Path.of("");
    private Path database = Path.of("");

    @BeforeEach
    void replicate() throws Exception {
        database = folder.resolve("app.db");
        replica = folder.resolve("replica");
        try (SqlSession application = JdbcSession.open(database)) {
            application.run("pragma journal_mode=wal", "create table t(x)", "insert into t values(1)");
            try (Runnel runnel = Runnel.builder().database(database, replica).start()) {
                assertThat(runnel.syncNow(database, LIMIT)).isTrue();
            }
        }
    }

    @Test
    void itIsVerifiedAgainAndAgainAndRemembered() throws IOException {
        try (VerificationSchedule _ = start(Optional.of(OFTEN))) {
            Await.until("three verifications", LIMIT, () -> reports.size() >= 3);
        }
        assertThat(reports).allSatisfy(report -> {
            assertThat(report.verdict()).isEqualTo(Verdict.COMPLETE);
            assertThat(report.comparison()).isEqualTo(Comparison.EQUAL);
        });
        VerificationRecord last = last().orElseThrow();
        assertThat(last.verdict()).isEqualTo(Verdict.COMPLETE);
        assertThat(last.time())
                .isBetween(Clock.system().now().minus(LIMIT), Clock.system().now());
    }

    @Test
    void damageIsReported() throws IOException {
        try (Stream<Path> files = Files.walk(replica)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".ltx")).toList()) {
                byte[] content = Files.readAllBytes(file);
                content[content.length / 2] ^= 1;
                Files.write(file, content);
            }
        }
        try (VerificationSchedule _ = start(Optional.of(OFTEN))) {
            Await.until("a verification", LIMIT, () -> !reports.isEmpty());
        }
        assertThat(reports.getFirst().verdict()).isEqualTo(Verdict.DAMAGED);
        assertThat(last().orElseThrow().verdict()).isEqualTo(Verdict.DAMAGED);
    }

    @Test
    void aReplicaThatCannotBeReadIsTriedAgain() throws IOException {
        Path moved = folder.resolve("moved");
        Files.move(replica, moved);
        Files.createFile(replica);
        try (VerificationSchedule _ = start(Optional.of(OFTEN))) {
            Await.until("a fault", LIMIT, () -> !faults.isEmpty());
            Files.delete(replica);
            Files.move(moved, replica);
            Await.until("a verification", LIMIT, () -> !reports.isEmpty());
        }
        assertThat(last().orElseThrow().verdict()).isEqualTo(Verdict.COMPLETE);
    }

    /** It is not due: the record says when that was done last. */
    @Test
    void aRestartDoesNotRepeatIt() throws IOException {
        try (VerificationSchedule _ = start(Optional.of(OFTEN))) {
            Await.until("a verification", LIMIT, () -> !reports.isEmpty());
        }
        reports.clear();
        try (VerificationSchedule _ = start(Optional.of(Duration.ofHours(1)), databaseOf("other"))) {
            // The same thread verifies the other database, which was never verified and is due at once.
            Await.until("the other", LIMIT, () -> !faults.isEmpty());
        }
        assertThat(reports).isEmpty();
    }

    @Test
    void databasesThatAreAddedAreVerifiedAndThoseThatAreRemovedAreNot() throws IOException {
        DatabaseConfig mine = database(replicaConfig().verifiedEvery(Optional.of(OFTEN)));
        List<DatabaseConfig> known = new CopyOnWriteArrayList<>();
        AtomicInteger seenEmpty = new AtomicInteger();
        try (VerificationSchedule _ = start(() -> {
            List<DatabaseConfig> now = List.copyOf(known);
            seenEmpty.addAndGet(now.isEmpty() ? 1 : 0);
            return now;
        })) {
            Await.until("there is no database yet", LIMIT, () -> seenEmpty.get() > 0);
            known.add(mine);
            Await.until("it is verified", LIMIT, () -> !reports.isEmpty());
            known.clear();
            int before = seenEmpty.get();
            // One look may have begun before; one thread does everything, so the second one came after the last report.
            Await.until("it is gone", LIMIT, () -> seenEmpty.get() > before + 1);
            int last = reports.size();
            int then = seenEmpty.get();
            Await.until("more looks", LIMIT, () -> seenEmpty.get() > then + 3);
            assertThat(reports).hasSize(last);
        }
    }

    private VerificationSchedule start(Optional<Duration> interval, DatabaseConfig... others) {
        DatabaseConfig mine = database(replicaConfig().verifiedEvery(interval));
        List<DatabaseConfig> all =
                Stream.concat(Stream.of(mine), Stream.of(others)).toList();
        return start(() -> all);
    }

    private VerificationSchedule start(Supplier<List<DatabaseConfig>> databases) {
        VerificationSchedule.Listener listener = new VerificationSchedule.Listener() {
            @Override
            public void verified(DatabaseConfig of, ReplicaConfig at, List<HistoryReport> found) {
                reports.addAll(found);
            }

            @Override
            public void notVerified(DatabaseConfig of, ReplicaConfig at, IOException fault) {
                faults.add(fault);
            }
        };
        return VerificationSchedule.start(
                new Replicas(Disk.system(), Clock.system(), Map.of()), Clock.system(), databases, listener, OFTEN);
    }

    private DatabaseConfig databaseOf(String name) throws IOException {
        Path broken = Files.createFile(folder.resolve(name + "-replica"));
        ReplicaConfig at = ReplicaConfig.at(new FolderLocation(broken)).verifiedEvery(Optional.of(OFTEN));
        Files.createDirectory(DatabaseSpec.defaultMetaFolder(folder.resolve(name + ".db")));
        return withReplica(folder.resolve(name + ".db"), at);
    }

    private DatabaseConfig database(ReplicaConfig at) {
        return withReplica(database, at);
    }

    private static DatabaseConfig withReplica(Path path, ReplicaConfig at) {
        DatabaseConfig usual = DatabaseConfig.of(path, List.of());
        return new DatabaseConfig(
                usual.path(),
                usual.metaFolder(),
                List.of(at),
                usual.busyTimeout(),
                usual.attach(),
                usual.journal(),
                usual.checkpoints(),
                usual.walLimit(),
                usual.logLimit(),
                usual.fileSystems());
    }

    private ReplicaConfig replicaConfig() {
        return ReplicaConfig.at(new FolderLocation(replica));
    }

    private Optional<VerificationRecord> last() throws IOException {
        return new VerificationRecords(Disk.system(), DatabaseSpec.defaultMetaFolder(database)).last(replicaConfig());
    }
}

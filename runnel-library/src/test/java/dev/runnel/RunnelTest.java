package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runnel as an application embeds it: only its public API, and real SQLite. */
class RunnelTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** In the middle of a test nothing is due by itself. */
    private static final Duration LONG = Duration.ofHours(1);

    private static final String RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
    private static final String IDENTITY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

    @TempDir
    Path folder;

    private Path database = Path.of("");
    private Path replica = Path.of("");

    @BeforeEach
    void setPaths() {
        database = folder.resolve("app.db");
        replica = folder.resolve("replica");
    }

    @Test
    void whatIsDurableIsRestored() throws Exception {
        try (Runnel runnel = Runnel.builder().database(database, replica).start();
                SqlSession application = application()) {
            application.run("insert into t values('one')");
            assertThat(runnel.awaitDurable(database, LIMIT)).isTrue();
            assertThat(restoredRows("first.db", ReplicaOptions.in(replica))).containsExactly("one");
            application.run("insert into t values('two')");
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
            assertThat(restoredRows("second.db", ReplicaOptions.in(replica))).containsExactly("one", "two");
            DatabaseStatus status = runnel.status(database);
            assertThat(status.isCaughtUp()).isTrue();
            assertThat(status.txid()).isPositive();
            assertThat(status.health().state()).isEqualTo(Health.State.HEALTHY);
            assertThat(status.replicas()).hasSize(1);
        }
    }

    /** A busy database ships once in an interval: before that nothing is durable, unless somebody asks for it now. */
    @Test
    void waitingForcesNothingAndSyncNowDoes() throws Exception {
        DatabaseOptions options =
                DatabaseOptions.at(database).replica(ReplicaOptions.in(replica).syncInterval(LONG));
        try (Runnel runnel = Runnel.builder().database(options).start();
                SqlSession application = application()) {
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
            // After a quiet time a commit is shipped at once.
            application.run("insert into t values('one')");
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
            application.run("insert into t values('two')");
            long shipped = runnel.status(database).replicas().getFirst().txid();
            assertThat(runnel.awaitDurable(database, Duration.ofSeconds(2))).isFalse();
            assertThat(runnel.status(database).replicas().getFirst().txid()).isEqualTo(shipped);
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
            assertThat(runnel.awaitDurable(database, LIMIT)).isTrue();
            assertThat(restoredRows("copy.db", ReplicaOptions.in(replica))).containsExactly("one", "two");
        }
    }

    @Test
    void aDatabaseInRollbackModeMayStayInIt() throws Exception {
        DatabaseOptions options = DatabaseOptions.at(database).replica(replica).keepJournalMode();
        try (SqlSession application = JdbcSession.open(database)) {
            application.run("create table t(a)");
            try (Runnel runnel = Runnel.builder().database(options).start()) {
                for (int i = 0; i < 3; i++) {
                    application.run("insert into t values(" + i + ")");
                    assertThat(runnel.awaitDurable(database, LIMIT)).isTrue();
                    assertThat(restoredRows(i + ".db", ReplicaOptions.in(replica)))
                            .hasSize(i + 1);
                }
            }
            assertThat(application.rows("pragma journal_mode")).containsExactly("delete");
        }
    }

    /** Its change set comes to nothing, so it never gets a TXID. */
    @Test
    void aCommitThatChangesNothingIsDurable() throws Exception {
        try (Runnel runnel = Runnel.builder().database(database, replica).start();
                SqlSession application = application()) {
            application.run("insert into t values('one')");
            assertThat(runnel.awaitDurable(database, LIMIT)).isTrue();
            application.run("begin", "update t set a = 'two'", "update t set a = 'one'", "commit");
            assertThat(runnel.awaitDurable(database, LIMIT)).isTrue();
        }
    }

    @Test
    void everyReplicaCounts() throws Exception {
        Path blocked = Files.writeString(folder.resolve("blocked"), "no folder");
        DatabaseOptions options = DatabaseOptions.at(database)
                .replica(replica)
                .replica(ReplicaOptions.in(blocked.resolve("replica")).name("second"));
        ConcurrentLinkedQueue<RunnelEvent> events = new ConcurrentLinkedQueue<>();
        try (Runnel runnel =
                        Runnel.builder().database(options).listener(events::add).start();
                SqlSession application = application()) {
            application.run("insert into t values('one')");
            assertThat(runnel.syncNow(database, Duration.ofSeconds(3))).isFalse();
            assertThat(events)
                    .anyMatch(event -> event instanceof RunnelEvent.Degraded degraded
                            && degraded.replica()
                                    .equals(Optional.of(
                                            blocked.resolve("replica").toString())));
            Files.delete(blocked);
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
            Await.until(
                    "it is well again",
                    LIMIT,
                    () -> events.stream().anyMatch(event -> event instanceof RunnelEvent.Recovered));
            assertThat(events).anyMatch(event -> event instanceof RunnelEvent.CaughtUp);
            assertThat(events).anyMatch(event -> event instanceof RunnelEvent.Durable);
        }
    }

    @Test
    void aListenerThatBlocksOrFailsKeepsNothingFromHappening() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        ConcurrentLinkedQueue<RunnelEvent> seen = new ConcurrentLinkedQueue<>();
        try (Runnel runnel = Runnel.builder()
                        .database(database, replica)
                        .listener(_ -> await(release))
                        .listener(event -> {
                            seen.add(event);
                            throw new IllegalStateException("a listener of the test fails");
                        })
                        .start();
                SqlSession application = application()) {
            for (int i = 0; i < 5; i++) {
                application.run("insert into t values(" + i + ")");
                assertThat(runnel.syncNow(database, LIMIT)).isTrue();
            }
            Await.until(
                    "all are delivered",
                    LIMIT,
                    () -> seen.stream()
                                    .filter(event -> event instanceof RunnelEvent.Durable)
                                    .count()
                            >= 5);
        } finally {
            release.countDown();
        }
    }

    @Test
    void aMissingDatabaseIsRestoredBeforeItIsFollowed() throws Exception {
        try (Runnel runnel = Runnel.builder().database(database, replica).start();
                SqlSession application = application()) {
            application.run("insert into t values('one')");
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
        }
        Path elsewhere = folder.resolve("elsewhere.db");
        ConcurrentLinkedQueue<RunnelEvent> events = new ConcurrentLinkedQueue<>();
        DatabaseOptions options = DatabaseOptions.at(elsewhere).replica(replica).restoreIfMissing();
        try (Runnel _ = Runnel.builder().database(options).listener(events::add).start();
                SqlSession copy = JdbcSession.open(elsewhere)) {
            assertThat(copy.rows("select a from t")).containsExactly("one");
            Await.until(
                    "it is told",
                    LIMIT,
                    () -> events.stream()
                            .anyMatch(event -> event instanceof RunnelEvent.Restored restored
                                    && restored.result().isProvenBySource()));
        }
    }

    /** An empty database must not take the place of one that cannot be seen just now. */
    @Test
    void aMissingDatabaseWhoseReplicaIsOutOfReachKeepsRunnelFromStarting() throws Exception {
        Path blocked = Files.writeString(folder.resolve("blocked"), "no folder");
        DatabaseOptions options = DatabaseOptions.at(database)
                .replica(ReplicaOptions.in(blocked.resolve("replica")))
                .restoreIfMissing();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Runnel.builder().database(options).start());
        assertThat(database).doesNotExist();
    }

    @Test
    void anythingThereWasCanBePlannedAndRestored() throws Exception {
        long first;
        try (Runnel runnel = Runnel.builder().database(database, replica).start();
                SqlSession application = application()) {
            application.run("insert into t values('one')");
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
            first = runnel.status(database).txid();
            application.run("insert into t values('two')");
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
        }
        RestoreRequest request = Runnel.restore(folder.resolve("copy.db"), ReplicaOptions.in(replica))
                .txid(first);
        RestorePreview plan = request.plan();
        assertThat(folder.resolve("copy.db")).doesNotExist();
        assertThat(plan.txid()).isEqualTo(first);
        assertThat(plan.bytes()).isPositive();
        RestoredDatabase restored = request.checkIntegrity().run();
        assertThat(restored.txid()).isEqualTo(first);
        assertThat(restored.time()).isEqualTo(plan.time());
        assertThat(rows(folder.resolve("copy.db"))).containsExactly("one");
        assertThatExceptionOfType(IOException.class).isThrownBy(request::run);
        assertThat(request.runIfMissing()).isEmpty();
        assertThat(request.replaceExisting().run().txid()).isEqualTo(first);
        assertThat(Runnel.restore(folder.resolve("none.db"), ReplicaOptions.in(folder.resolve("empty")))
                        .runIfMissing())
                .isEmpty();
    }

    @Test
    void whatIsEncryptedIsReadWithTheIdentityOnly() throws Exception {
        ReplicaOptions encrypted =
                ReplicaOptions.in(replica).encryptedFor(RECIPIENT).decryptedWith(IDENTITY);
        try (Runnel runnel = Runnel.builder()
                        .database(DatabaseOptions.at(database).replica(encrypted))
                        .start();
                SqlSession application = application()) {
            application.run("insert into t values('one')");
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
        }
        assertThat(restoredRows("copy.db", encrypted)).containsExactly("one");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> restoredRows("other.db", ReplicaOptions.in(replica)))
                .withMessageContaining("encrypted");
    }

    @Test
    void timesInHistoryAreThoseOfTheClock() throws Exception {
        Instant then = Instant.parse("2024-05-06T07:08:09Z");
        try (Runnel runnel = Runnel.builder()
                        .database(database, replica)
                        .clock(() -> then)
                        .start();
                SqlSession application = application()) {
            application.run("insert into t values('one')");
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
        }
        assertThat(Runnel.restore(folder.resolve("copy.db"), ReplicaOptions.in(replica))
                        .plan()
                        .time())
                .isEqualTo(then);
    }

    @Test
    void anExecutorOfTheApplicationIsUsedAndStaysOpen() throws Exception {
        ConcurrentLinkedQueue<String> names = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(task -> {
            Thread thread = Thread.ofVirtual().name("of-the-application").unstarted(task);
            names.add(thread.getName());
            return thread;
        })) {
            try (Runnel runnel = Runnel.builder()
                            .database(database, replica)
                            .executor(threads)
                            .start();
                    SqlSession application = application()) {
                application.run("insert into t values('one')");
                assertThat(runnel.syncNow(database, LIMIT)).isTrue();
            }
            assertThat(names).hasSizeGreaterThanOrEqualTo(2);
            assertThat(threads.submit(() -> "open").get(1, TimeUnit.MINUTES)).isEqualTo("open");
        }
    }

    @Test
    void closingSaysWhatIsMissing() throws Exception {
        Path blocked = Files.writeString(folder.resolve("blocked"), "no folder");
        try (SqlSession application = application()) {
            application.run("insert into t values('one')");
            Runnel runnel = Runnel.builder()
                    .database(database, blocked.resolve("replica"))
                    .start();
            CloseReport report = runnel.close(Duration.ofSeconds(3));
            assertThat(report.isEverythingDurable()).isFalse();
            assertThat(report.missing()).anyMatch(line -> line.contains(database.toString()));
            Runnel second = Runnel.builder().database(database, replica).start();
            assertThat(second.syncNow(database, LIMIT)).isTrue();
            assertThat(second.close(LIMIT).isEverythingDurable()).isTrue();
        }
    }

    @Test
    void whatCannotBeMeantIsRefused() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Runnel.builder()
                        .database(database, replica)
                        .database(database, folder.resolve("other"))
                        .start())
                .withMessage(database + " is named twice");
        Files.writeString(database, "");
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), database);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Runnel.builder()
                        .database(database, replica)
                        .database(link, folder.resolve("other"))
                        .start())
                .withMessageContaining("are one file");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Runnel.builder().database(DatabaseOptions.at(database)).start())
                .withMessage(database + " has no replica");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Runnel.builder()
                        .database(DatabaseOptions.at(database).replica(replica).replica(replica))
                        .start())
                .withMessageContaining("two replicas at");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Runnel.builder().database(database, "gopher://a").start())
                .withMessageContaining("unknown replica type \"gopher\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Runnel.restore(database, ReplicaOptions.ofType("file").option("pfad", "/a")))
                .withMessageContaining("has no option \"pfad\"; it has path");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReplicaOptions.at("/a/folder"))
                .withMessageContaining("ReplicaOptions.in(Path)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReplicaOptions.in(replica).syncInterval(Duration.ZERO));
        try (Runnel runnel = Runnel.builder().start()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> runnel.awaitDurable(database, LIMIT))
                    .withMessageContaining("is not followed");
        }
    }

    @Test
    void aTypeAndItsOptionsDescribeALocation() throws Exception {
        try (Runnel runnel = Runnel.builder().database(database, replica).start();
                SqlSession application = application()) {
            application.run("insert into t values('one')");
            assertThat(runnel.syncNow(database, LIMIT)).isTrue();
        }
        ReplicaOptions byType = ReplicaOptions.ofType("file").option("path", replica.toString());
        assertThat(restoredRows("by-type.db", byType)).containsExactly("one");
        assertThat(restoredRows("by-url.db", ReplicaOptions.at(replica.toUri().toString())))
                .containsExactly("one");
    }

    private SqlSession application() throws SqlFailure {
        SqlSession session = JdbcSession.open(database);
        session.run("pragma journal_mode=wal", "create table if not exists t(a)");
        return session;
    }

    private List<String> restoredRows(String name, ReplicaOptions from) throws IOException, SqlFailure {
        Path copy = folder.resolve(name);
        var _ = Runnel.restore(copy, from).run();
        return rows(copy);
    }

    private static List<String> rows(Path copy) throws SqlFailure {
        try (SqlSession session = JdbcSession.open(copy)) {
            return session.rows("select a from t");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

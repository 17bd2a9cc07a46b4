package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that the application keeps in rollback mode are captured as they are, and stay as they are. */
@Tag("slow")
class RollbackModeTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int COMMITS = 150;
    private static final long LONGEST_WAIT_MILLIS = 1000;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "truncate", "persist"})
    void i34EveryKindOfRollbackJournalIsFollowedAndKept(String mode) throws SqlFailure {
        try (Application application = Application.startIn(mode, scene.database());
                ProgramEngine engine = startKeepingTheMode().awaitHistory()) {
            scene.nextCommitIsRestorable(application.orders(5, "in rollback mode"), engine);
            application.bulk(2000).run("delete from orders where id % 3 <> 0", "vacuum");
            scene.nextCommitIsRestorable(application, engine);
            assertThat(application.session().rows("pragma journal_mode")).containsExactly(mode);
            assertThat(Files.notExists(scene.file("app.db-wal"))).isTrue();
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
    }

    @Test
    void i34ItIsSwitchedToWalAtTheFirstAttachAndNeverAgain() throws SqlFailure {
        try (Application application = Application.startIn("delete", scene.database())) {
            application.order("first");
            try (ProgramEngine engine = scene.startRunnel()) {
                engine.awaitLog(Pattern.compile(".*journal mode is now wal.*"));
                scene.nextCommitIsRestorable(application, engine);
                assertThat(journalMode()).isEqualTo("wal");
                assertThat(engine.stop()).as(engine.log()).isZero();
            }
            application.run("pragma journal_mode=delete").orders(5, "back in rollback mode");
            try (ProgramEngine engine = scene.startRunnel()) {
                scene.nextCommitIsRestorable(application, engine);
                assertThat(engine.log()).doesNotContain("journal mode is now");
                assertThat(engine.stop()).as(engine.log()).isZero();
            }
            // What is known here is gone; the replica still knows this database.
            Scene.deleteTree(scene.metaFolder());
            try (ProgramEngine engine = scene.startRunnel()) {
                scene.nextCommitIsRestorable(application, engine);
            }
            assertThat(journalMode()).isEqualTo("delete");
        }
    }

    @Test
    void i34AHotJournalIsLeftToTheApplicationWhileRunnelRuns() throws SqlFailure, IOException {
        try (Application application = Application.startIn("delete", scene.database());
                ProgramEngine engine = startKeepingTheMode().awaitHistory()) {
            scene.nextCommitIsRestorable(application.bulk(500), engine);
            try (SqlSession victim = ChildSession.open(scene.database())) {
                victim.run("pragma cache_size=2", "begin immediate", "update orders set filler = randomblob(900)");
                victim.kill();
            }
            byte[] journal = Files.readAllBytes(scene.file("app.db-journal"));
            engine.awaitLog(Pattern.compile(".*waiting: .*interrupted transaction.*"));
            assertThat(scene.file("app.db-journal")).hasBinaryContent(journal);
            // This is what rolls it back.
            scene.nextCommitIsRestorable(application, engine);
        }
    }

    @Test
    void i34AnApplicationThatKeepsItsLockIsAClearStateUntilItLetsGo() throws SqlFailure {
        try (Application application = Application.startIn("delete", scene.database())) {
            application.run("pragma locking_mode=exclusive").order("nobody else may read this");
            try (ProgramEngine engine = startKeepingTheMode()) {
                engine.awaitLog(Pattern.compile(".*degraded: .*locked.*"));
                application.run("pragma locking_mode=normal");
                scene.nextCommitIsRestorable(application, engine);
            }
        }
    }

    @Test
    void i13AChangedPageSizeBeginsAnewAboveEveryTxid() throws SqlFailure {
        try (Application application = Application.startIn("delete", scene.database());
                ProgramEngine engine = startKeepingTheMode().awaitHistory()) {
            scene.nextCommitIsRestorable(application.bulk(300), engine);
            long before = scene.replica().newestTxid();
            application.run("pragma page_size=8192", "vacuum");
            scene.nextCommitIsRestorable(application, engine);
            scene.nextCommitIsRestorable(application.orders(3, "larger pages"), engine);
            assertThat(scene.replica().newestTxid()).isGreaterThan(before);
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
    }

    @Test
    void aQuietDatabaseIsNotKeptOpenAndIsFollowedAllTheSame() throws SqlFailure {
        try (Application application = Application.startIn("delete", scene.database());
                ProgramEngine engine = startKeepingTheMode().awaitHistory()) {
            for (int i = 0; i < 2; i++) {
                scene.nextCommitIsRestorable(application, engine);
                Await.until("Runnel has no descriptor of the database", LIMIT, () -> !isOpenIn(engine));
            }
            assertThat(engine.log()).doesNotContain("degraded");
        }
    }

    @Test
    void itsCommitsAreNeverRefusedAndWaitForMomentsOnly() throws SqlFailure {
        try (Application application = Application.startIn("delete", scene.database())) {
            application.run("pragma synchronous=off").bulk(8_000).run("pragma busy_timeout=5000");
            System.out.println("commits alone: " + waits(application) + " ms");
            try (ProgramEngine engine = startKeepingTheMode()) {
                Path first = scene.replicaFolder();
                Await.until("Runnel is at it", LIMIT, () -> {
                    engine.assertAlive();
                    waits(application);
                    return Files.exists(first) && scene.replica().newestTxid() > 0;
                });
                List<Long> waits = waits(application);
                System.out.println("commits beside Runnel: " + waits + " ms");
                assertThat(waits).allMatch(wait -> wait < LONGEST_WAIT_MILLIS);
                scene.nextCommitIsRestorable(application, engine);
                assertThat(engine.stop()).as(engine.log()).isZero();
            }
        }
    }

    /** How long commits took, the longest last; a refusal is thrown. */
    private static List<Long> waits(Application application) throws SqlFailure {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < COMMITS; i++) {
            long start = System.nanoTime();
            application.order("one of many");
            waits.add((System.nanoTime() - start) / 1_000_000);
            LockSupport.parkNanos(20_000_000);
        }
        Collections.sort(waits);
        return waits.subList(COMMITS - 10, COMMITS);
    }

    private ProgramEngine startKeepingTheMode() {
        return ProgramEngine.startWith("journal-mode: keep", scene.database(), scene.replicaFolder());
    }

    private String journalMode() throws SqlFailure {
        try (SqlSession session = JdbcSession.open(scene.database())) {
            return session.rows("pragma journal_mode").getFirst();
        }
    }

    private boolean isOpenIn(ProgramEngine engine) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + engine.pid() + "/fd"))) {
            return descriptors.anyMatch(this::isDatabase);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isDatabase(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor)
                    .toString()
                    .startsWith(scene.database().toString());
        } catch (IOException _) {
            // Closed meanwhile.
            return false;
        }
    }
}

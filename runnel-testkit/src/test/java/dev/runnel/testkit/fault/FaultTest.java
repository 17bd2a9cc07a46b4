package dev.runnel.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultTest {
    @TempDir
    Path folder;

    @Test
    void theProbeSeesWhichLocksThisJvmHoldsAndThatClosingTheFileDropsThem() throws SqlFailure, IOException {
        LockProbe.assumePossible();
        Path database = folder.resolve("app.db");
        try (SqlSession session = JdbcSession.open(database);
                LockProbe probe = LockProbe.start()) {
            session.run("pragma journal_mode=wal", "create table t(a)");
            session.run("begin immediate");

            assertThat(probe.heldHere(database))
                    .contains(SqliteLock.SHARED, SqliteLock.WRITE, SqliteLock.WAL_INDEX_IN_USE)
                    .anyMatch(SqliteLock::isReadMark);

            Files.readAllBytes(database);
            assertThat(probe.heldHere(database)).contains(SqliteLock.WRITE).doesNotContain(SqliteLock.SHARED);

            Files.readAllBytes(folder.resolve("app.db-shm"));
            assertThat(probe.heldHere(database)).isEmpty();
        }
    }

    @Test
    void aWriterKilledAtItsFsyncLeavesAFrameThatTheWalIndexDoesNotKnow() throws SqlFailure {
        ShellSession.assumeProgram();
        FsyncFault.assumePossible();
        Path database = folder.resolve("app.db");
        FsyncFault fault = FsyncFault.compile(folder, FsyncFault.Kind.KILL);
        try (SqlSession keeper = ChildSession.open(database)) {
            keeper.run("pragma journal_mode=wal", "create table t(a)", "insert into t values(1)");
            try (ShellSession writer = ShellSession.open(database, fault.environment())) {
                writer.run("pragma synchronous=full", "insert into t values(2)");
                fault.arm();
                assertThatThrownBy(() -> writer.run("insert into t values(3)")).isInstanceOf(Child.ChildGone.class);
            }
            try (WalWatch watch = WalWatch.start(database, 1)) {
                Await.until(
                        "the frame beyond the end is seen",
                        Duration.ofSeconds(10),
                        () -> watch.sightings().beyondEnd() > 0);
            }
            assertThat(keeper.rows("select a from t order by a")).containsExactly("1", "2");
        }
    }

    @Test
    void aWriterWhoseFsyncFailsReportsItAndGoesOn() throws SqlFailure {
        ShellSession.assumeProgram();
        FsyncFault.assumePossible();
        Path database = folder.resolve("app.db");
        FsyncFault fault = FsyncFault.compile(folder, FsyncFault.Kind.EIO);
        try (SqlSession keeper = ChildSession.open(database)) {
            keeper.run("pragma journal_mode=wal", "create table t(a)", "insert into t values(1)");
            try (ShellSession writer = ShellSession.open(database, fault.environment())) {
                writer.run("pragma synchronous=full", "insert into t values(2)");
                fault.arm();
                assertThatThrownBy(() -> writer.run("insert into t values(3)"))
                        .isInstanceOf(SqlFailure.class)
                        .hasMessageContaining("I/O");
                writer.run("insert into t values(4)");
            }
            assertThat(keeper.rows("select a from t order by a")).containsExactly("1", "2", "4");
        }
    }
}

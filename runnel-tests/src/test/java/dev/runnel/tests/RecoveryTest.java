package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testkit.fault.FsyncFault;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong on this machine, the newest state is restorable within ten seconds of the next commit. */
@Tag("slow")
class RecoveryTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @Test
    void killedAndStartedAgain() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            try (ProgramEngine engine = scene.startRunnel().awaitHistory()) {
                application.orders(20, "shipped");
                engine.kill9();
            }
            application.orders(20, "while it was dead");
            try (ProgramEngine engine = scene.startRunnel()) {
                scene.nextCommitIsRestorable(application, engine);
            }
        }
    }

    @Test
    void theApplicationRestartsTheWalWhileRunnelIsDown() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            runOnce(application.bulk(4000));
            application.orders(20, "while it was down").restartWal();
            long before = scene.replica().newestTxid();
            long sizeBefore = bytesAtReplica();
            try (ProgramEngine engine = scene.startRunnel()) {
                scene.nextCommitIsRestorable(application, engine);
            }
            assertThat(scene.replica().newestTxid()).isGreaterThan(before);
            assertThat(bytesAtReplica() - sizeBefore)
                    .as("bytes shipped for 20 rows")
                    .isLessThan(500_000);
        }
    }

    @Test
    void i13TheDatabaseIsReplacedByMvWhileRunnelIsDown() throws SqlFailure {
        Path backup = olderBackupAfterWhichMoreWasShipped();
        Scene.move(backup, scene.database());
        nextStartOfTheApplicationIsRestorable();
    }

    @Test
    void i13TheDatabaseIsCopiedBackWhileRunnelIsDown() throws SqlFailure {
        Path backup = olderBackupAfterWhichMoreWasShipped();
        DatabaseOracle.copyOf(backup, scene.database());
        nextStartOfTheApplicationIsRestorable();
    }

    @Test
    void i13TheDatabaseIsReplacedByMvWhileRunnelRuns() throws SqlFailure {
        Path backup = olderBackupAfterWhichMoreWasShipped();
        try (ProgramEngine engine = scene.startRunnel()) {
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application.orders(3, "to be lost"), engine);
            }
            scene.awaitLetGo();
            Scene.move(backup, scene.database());
            backupIsFoundAndRestorable(engine);
        }
    }

    @Test
    void i13TheDatabaseIsReplacedByMvRightAfterTheLastClose() throws SqlFailure {
        Path backup = olderBackupAfterWhichMoreWasShipped();
        try (ProgramEngine engine = scene.startRunnel()) {
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application.orders(3, "to be lost"), engine);
            }
            Scene.move(backup, scene.database());
            scene.awaitLetGo();
            backupIsFoundAndRestorable(engine);
        }
    }

    @Test
    void i13TheDatabaseIsCopiedBackWhileRunnelRuns() throws SqlFailure {
        Path backup = olderBackupAfterWhichMoreWasShipped();
        try (ProgramEngine engine = scene.startRunnel()) {
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application.orders(3, "to be lost"), engine);
            }
            scene.awaitLetGo();
            DatabaseOracle.copyOf(backup, scene.database());
            backupIsFoundAndRestorable(engine);
        }
    }

    @Test
    void i13TheDatabaseIsReplacedByOneWithAnotherPageSizeWhileRunnelIsDown() throws SqlFailure {
        olderBackupAfterWhichMoreWasShipped();
        Path other = scene.file("other.db");
        try (SqlSession session = JdbcSession.open(other)) {
            session.run("pragma page_size=8192", "create table larger(pages)");
            assertThat(session.rows("pragma page_size")).containsExactly("8192");
        }
        Application.start(other).order("in larger pages").close();
        Scene.move(other, scene.database());
        nextStartOfTheApplicationIsRestorable();
    }

    @Test
    void i13TheDatabaseIsDeletedAndMadeAgainWhileRunnelIsDown() throws SqlFailure {
        olderBackupAfterWhichMoreWasShipped();
        Scene.deleteTree(scene.database());
        nextStartOfTheApplicationIsRestorable();
    }

    @Test
    void i13TheDatabaseIsDeletedAndMadeAgainWhileRunnelRuns() throws SqlFailure {
        olderBackupAfterWhichMoreWasShipped();
        try (ProgramEngine engine = scene.startRunnel()) {
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application, engine);
            }
            scene.awaitLetGo();
            Scene.deleteTree(scene.database());
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application, engine);
            }
        }
    }

    @Test
    void journalModeIsSwitchedAwayAndBackWhileRunnelIsDown() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            runOnce(application);
            application
                    .run("pragma journal_mode=delete")
                    .orders(10, "in rollback mode")
                    .run("pragma journal_mode=wal")
                    .orders(10, "back in WAL mode");
            try (ProgramEngine engine = scene.startRunnel()) {
                scene.nextCommitIsRestorable(application, engine);
            }
        }
    }

    @Test
    void i8VacuumWhileRunnelRuns() throws SqlFailure {
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            application.bulk(2000).run("delete from orders where id % 3 <> 0", "vacuum");
            scene.nextCommitIsRestorable(application, engine);
            application.bulk(500);
            scene.nextCommitIsRestorable(application, engine);
        }
    }

    @Test
    void i8VacuumWhileRunnelIsDown() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            runOnce(application.bulk(2000));
            application.run("delete from orders where id % 3 <> 0", "vacuum").restartWal();
            try (ProgramEngine engine = scene.startRunnel()) {
                scene.nextCommitIsRestorable(application, engine);
            }
        }
    }

    @Test
    void i14TheMetaFolderIsDeletedWhileRunnelIsDown() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            runOnce(application.bulk(1000));
            assertThat(scene.metaFolder()).isDirectory();
            Scene.deleteTree(scene.metaFolder());
            application.orders(5, "meanwhile");
            long before = scene.replica().newestTxid();
            try (ProgramEngine engine = scene.startRunnel()) {
                scene.nextCommitIsRestorable(application, engine);
            }
            assertThat(scene.replica().newestTxid()).isGreaterThan(before);
        }
    }

    @Test
    void i14TheMetaFolderIsDeletedWhileRunnelRuns() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            try (ProgramEngine engine = scene.startRunnel().awaitHistory()) {
                scene.nextCommitIsRestorable(application.bulk(1000), engine);
                Scene.deleteTree(scene.metaFolder());
                scene.nextCommitIsRestorable(application.orders(5, "meanwhile"), engine);
            }
        }
    }

    @Test
    void aWriterIsKilledBetweenItsCommitFrameAndTheWalIndex() throws SqlFailure {
        ShellSession.assumeProgram();
        FsyncFault.assumePossible();
        FsyncFault fault = FsyncFault.compile(folder, FsyncFault.Kind.KILL);
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            application.orders(5, "before");
            try (Application victim = startFaulty(fault)) {
                fault.arm();
                assertThatThrownBy(() -> victim.order("never committed")).isInstanceOf(Child.ChildGone.class);
            }
            scene.nextCommitIsRestorable(application, engine);
            scene.nextCommitIsRestorable(application.orders(60, "after"), engine);
        }
    }

    @Test
    void aWritersFsyncFailsBetweenItsCommitFrameAndTheWalIndex() throws SqlFailure {
        ShellSession.assumeProgram();
        FsyncFault.assumePossible();
        FsyncFault fault = FsyncFault.compile(folder, FsyncFault.Kind.EIO);
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            application.orders(5, "before");
            try (Application unlucky = startFaulty(fault)) {
                fault.arm();
                assertThatThrownBy(() -> unlucky.order("never committed")).isInstanceOf(SqlFailure.class);
                scene.nextCommitIsRestorable(unlucky, engine);
            }
            scene.nextCommitIsRestorable(application.orders(60, "after"), engine);
        }
    }

    private Application startFaulty(FsyncFault fault) throws SqlFailure {
        return Application.start(scene.database(), database -> ShellSession.open(database, fault.environment()))
                .run("pragma synchronous=full")
                .order("committed");
    }

    /** Runs Runnel until all orders are at the replica, and stops it in an orderly way. */
    private void runOnce(Application application) throws SqlFailure {
        try (ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            scene.nextCommitIsRestorable(application.orders(10, "shipped"), engine);
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
    }

    /** Makes a backup with a first order; then much more is committed and shipped. Leaves nobody with the database open. */
    private Path olderBackupAfterWhichMoreWasShipped() throws SqlFailure {
        Application.start(scene.database()).order("in the backup").close();
        Path backup = scene.backUp();
        try (Application application = Application.start(scene.database())) {
            runOnce(application.bulk(200));
        }
        return backup;
    }

    private void nextStartOfTheApplicationIsRestorable() throws SqlFailure {
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel()) {
            scene.nextCommitIsRestorable(application, engine);
        }
    }

    private void backupIsFoundAndRestorable(ProgramEngine engine) throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            assertThat(application.orders()).singleElement().asString().contains("in the backup");
            scene.nextCommitIsRestorable(application, engine);
            assertThat(application.session().rows("pragma integrity_check")).isEqualTo(List.of("ok"));
        }
    }

    private long bytesAtReplica() {
        return scene.replica().entries().stream()
                .mapToLong(entry -> entry.file().toFile().length())
                .sum();
    }
}

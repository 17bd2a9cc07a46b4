package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.Runnel;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.fault.LockProbe;
import dev.runnel.testkit.fault.SqliteLock;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library beside an application in one JVM that has a connection open, reads on another and writes on a third. After
 * everything the library does, another process sees the locks of all three, and is refused what they forbid.
 */
@Tag("slow")
class EmbeddedLocksTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        LockProbe.assumePossible();
        scene = new Scene(folder);
    }

    @Test
    void i32TheLibraryNeverDropsALockOfAnOpenConnectionAReaderOrAWriter() throws SqlFailure, IOException {
        try (Application application = Application.start(scene.database(), JdbcSession::open);
                Locks locks = new Locks(application)) {
            locks.takeAndCheck("nothing at all");
            firstAttachAndShipping(locks);
            attachingAfterAGap(locks);
            aReplicaThatWasEmptied(locks);
            aLedgerThatIsRebuilt(locks);
        }
    }

    private void firstAttachAndShipping(Locks locks) throws SqlFailure, IOException {
        try (Runnel runnel = start()) {
            locks.commitAndAwaitRestorable(runnel);
            locks.check("attaching and a first baseline");
            for (int i = 0; i < 3; i++) {
                locks.commitAndAwaitRestorable(runnel);
                locks.check("capture and shipping " + i);
            }
            assertThat(runnel.close(LIMIT).isEverythingDurable()).isTrue();
            locks.check("an orderly stop");
        }
        locks.check("closing what had been stopped");
    }

    private void attachingAfterAGap(Locks locks) throws SqlFailure, IOException {
        locks.release();
        locks.application.bulk(300).restartWal();
        locks.takeAndCheck("a restart of the WAL");
        try (Runnel runnel = start()) {
            locks.commitAndAwaitRestorable(runnel);
            locks.check("looking for what differs after a gap");
        }
        locks.check("closing after a gap");
    }

    private void aReplicaThatWasEmptied(Locks locks) throws SqlFailure, IOException {
        try (Runnel runnel = start()) {
            locks.commitAndAwaitRestorable(runnel);
            Scene.deleteTree(scene.replicaFolder());
            locks.commitAndAwaitRestorable(runnel);
            locks.check("bringing up a replica that was emptied");
        }
        locks.check("closing after that");
    }

    private void aLedgerThatIsRebuilt(Locks locks) throws SqlFailure, IOException {
        Scene.deleteTree(scene.metaFolder());
        try (Runnel runnel = start()) {
            locks.commitAndAwaitRestorable(runnel);
            locks.check("reading the replica back");
        }
        locks.check("closing after a new ledger");
        Scene.deleteTree(scene.metaFolder());
        Scene.deleteTree(scene.replicaFolder());
        try (Runnel runnel = start()) {
            locks.commitAndAwaitRestorable(runnel);
            locks.check("a baseline of a database that nothing is known of");
        }
        locks.check("the last close");
    }

    private Runnel start() throws IOException {
        return Runnel.builder()
                .database(scene.database(), scene.replicaFolder())
                .start();
    }

    /** The application's three connections, and the process that looks at their locks. */
    private final class Locks implements AutoCloseable {
        private final LockProbe probe = LockProbe.start();
        private final SqlSession reader = JdbcSession.open(scene.database());
        private final SqlSession idle = JdbcSession.open(scene.database());
        private final SqlSession other = ChildSession.open(scene.database());
        private final Application application;

        Locks(Application application) throws SqlFailure {
            this.application = application;
            idle.rows("select count(*) from orders");
            other.run("pragma busy_timeout=0");
        }

        /** Begins to read the state there is, and to write. */
        void takeAndCheck(String after) throws SqlFailure {
            reader.run("begin", "select count(*) from orders");
            application.run("begin immediate").order("uncommitted");
            check(after);
        }

        void release() throws SqlFailure {
            application.run("commit");
            reader.run("commit");
        }

        /** The writer commits; what it has committed becomes restorable. Both then begin again. */
        void commitAndAwaitRestorable(Runnel runnel) throws SqlFailure {
            release();
            List<String> orders = application.orders();
            reader.run("begin", "select count(*) from orders");
            application.run("begin immediate").order("uncommitted");
            Path image = scene.file("image.db");
            Await.until("the commit is at the replica; " + runnel.status(), LIMIT, () -> {
                var replica = scene.replica();
                return Application.ordersIn(
                                replica.imageAt(replica.newestTxid()).writeTo(image))
                        .equals(orders);
            });
        }

        void check(String after) throws SqlFailure {
            assertThat(probe.heldHere(scene.database()))
                    .as("locks after " + after)
                    .contains(SqliteLock.SHARED, SqliteLock.WRITE, SqliteLock.WAL_INDEX_IN_USE)
                    .anyMatch(SqliteLock::isReadMark);
            assertThat(isRefused("begin immediate"))
                    .as("another process is kept from writing after " + after)
                    .isTrue();
            assertThat(other.rows("pragma wal_checkpoint(truncate)").getFirst())
                    .as("another process is kept from cutting the WAL after " + after)
                    .startsWith("1");
        }

        private boolean isRefused(String sql) {
            try {
                other.run(sql);
                other.run("rollback");
                return false;
            } catch (SqlFailure e) {
                return e.isContention();
            }
        }

        @Override
        public void close() {
            other.close();
            idle.close();
            reader.close();
            probe.close();
        }
    }

    @AfterEach
    void everythingIsSound() throws SqlFailure {
        try (SqlSession session = JdbcSession.open(scene.database())) {
            assertThat(session.rows("pragma integrity_check")).containsExactly("ok");
        }
    }
}

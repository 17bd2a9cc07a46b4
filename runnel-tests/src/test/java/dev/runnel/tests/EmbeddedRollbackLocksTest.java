package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.Runnel;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.fault.LockProbe;
import dev.runnel.testkit.fault.SqliteLock;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library beside an application in one JVM that reads on one connection and writes on another, in rollback mode.
 * While both are under way the library cannot even switch it to WAL; whatever it does instead, another process sees the
 * locks of both.
 */
@Tag("slow")
class EmbeddedRollbackLocksTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void i32TheLibraryNeverDropsALockOfAReaderOrAWriterInRollbackMode() throws SqlFailure, IOException {
        LockProbe.assumePossible();
        Scene scene = new Scene(folder);
        try (SqlSession writer = JdbcSession.open(scene.database());
                SqlSession reader = JdbcSession.open(scene.database());
                LockProbe probe = LockProbe.start()) {
            writer.run("pragma journal_mode=delete", "create table orders(id integer primary key, note, filler)");
            begin(writer, reader);
            try (SqlSession other = ChildSession.open(scene.database());
                    Runnel runnel = Runnel.builder()
                            .database(scene.database(), scene.replicaFolder())
                            .start()) {
                other.run("pragma busy_timeout=0");
                Await.until(
                        "a first TXID; " + runnel.status(),
                        LIMIT,
                        () -> scene.replica().newestTxid() > 0);
                check(probe, other, scene.database(), "attaching and a first baseline");
                for (int i = 0; i < 3; i++) {
                    commit(writer, reader);
                    List<String> orders = writer.rows("select id, note, length(filler) from orders order by id");
                    begin(writer, reader);
                    Path image = scene.file("image.db");
                    Await.until("the commit is at the replica", LIMIT, () -> {
                        ReplicaOracle replica = scene.replica();
                        return Application.ordersIn(
                                        replica.imageAt(replica.newestTxid()).writeTo(image))
                                .equals(orders);
                    });
                    check(probe, other, scene.database(), "capture and shipping " + i);
                }
                assertThat(runnel.close(LIMIT).isEverythingDurable()).isTrue();
                check(probe, other, scene.database(), "an orderly stop");
                commit(writer, reader);
            }
            assertThat(writer.rows("pragma journal_mode")).containsExactly("delete");
            assertThat(writer.rows("pragma integrity_check")).containsExactly("ok");
        }
    }

    private static void begin(SqlSession writer, SqlSession reader) throws SqlFailure {
        reader.run("begin", "select count(*) from orders");
        writer.run("begin immediate", "insert into orders(note, filler) values('uncommitted', randomblob(300))");
    }

    /** In rollback mode a writer can commit only when nobody reads. */
    private static void commit(SqlSession writer, SqlSession reader) throws SqlFailure {
        reader.run("commit");
        writer.run("commit");
    }

    private static void check(LockProbe probe, SqlSession other, Path database, String after) {
        assertThat(probe.heldHere(database))
                .as("locks after " + after)
                .contains(SqliteLock.SHARED, SqliteLock.RESERVED);
        assertThat(isRefused(other))
                .as("another process is kept from writing after " + after)
                .isTrue();
    }

    private static boolean isRefused(SqlSession other) {
        try {
            other.run("begin immediate");
            other.run("rollback");
            return false;
        } catch (SqlFailure e) {
            return e.isContention();
        }
    }
}

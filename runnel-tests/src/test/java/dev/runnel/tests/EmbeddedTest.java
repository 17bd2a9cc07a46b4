package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.fault.LockProbe;
import dev.runnel.testkit.fault.SqliteLock;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine beside an application in one JVM: whatever the engine does, the application's locks stay. */
@Tag("slow")
class EmbeddedTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void i32NothingTheEngineDoesDropsALockOfTheApplication() throws SqlFailure {
        LockProbe.assumePossible();
        Scene scene = new Scene(folder);
        try (LockProbe probe = LockProbe.start();
                Application application = Application.start(scene.database(), JdbcSession::open)) {
            beginWriting(application);
            try (EmbeddedEngine engine = start(scene)) {
                engine.awaitTxid(1);
                isStillWriting("attaching and a first baseline", probe, scene);
                commitAndAwait(application, scene);
                isStillWriting("capture, hand-over and shipping", probe, scene);
                Scene.deleteTree(scene.replicaFolder());
                commitAndAwait(application, scene);
                isStillWriting("a baseline in place of a lost replica", probe, scene);
                engine.stop();
                isStillWriting("an orderly end", probe, scene);
            }
            isStillWriting("closing", probe, scene);
            finishWriting(application).restartWal();
            beginWriting(application);
            try (EmbeddedEngine engine = start(scene)) {
                commitAndAwait(application, scene);
                isStillWriting("looking for what differs after a gap", probe, scene);
                engine.stop();
            }
            Scene.deleteTree(scene.metaFolder());
            try (EmbeddedEngine _ = start(scene)) {
                commitAndAwait(application, scene);
                isStillWriting("reading the replica back", probe, scene);
            }
            isStillWriting("ending at once", probe, scene);
        }
    }

    @Test
    void i32AnotherProcessNeverGetsInWhileTheApplicationWrites() throws SqlFailure {
        Scene scene = new Scene(folder);
        try (Application application = Application.start(scene.database(), JdbcSession::open);
                ChildSession other = ChildSession.open(scene.database());
                EmbeddedEngine engine = start(scene)) {
            engine.awaitTxid(1);
            other.run("pragma busy_timeout=0");
            for (int i = 0; i < 20; i++) {
                beginWriting(application);
                boolean refused = false;
                try {
                    other.run("begin immediate");
                } catch (SqlFailure e) {
                    refused = e.isContention();
                }
                assertThat(refused).as("another writer is refused, round " + i).isTrue();
                finishWriting(application);
            }
        }
    }

    private static EmbeddedEngine start(Scene scene) {
        return EmbeddedEngine.start(scene.database(), scene.replicaFolder());
    }

    private static void beginWriting(Application application) throws SqlFailure {
        application.run("begin immediate").order("uncommitted");
    }

    private static Application finishWriting(Application application) throws SqlFailure {
        return application.run("commit");
    }

    /** Commits, waits until that is at the replica, and begins to write again. */
    private static void commitAndAwait(Application application, Scene scene) throws SqlFailure {
        finishWriting(application);
        var orders = application.orders();
        beginWriting(application);
        Path image = scene.file("image.db");
        Await.until("the commit is at the replica", LIMIT, () -> {
            var replica = scene.replica();
            return Application.ordersIn(replica.imageAt(replica.newestTxid()).writeTo(image))
                    .equals(orders);
        });
    }

    private static void isStillWriting(String after, LockProbe probe, Scene scene) {
        assertThat(probe.heldHere(scene.database()))
                .as("locks after " + after)
                .contains(SqliteLock.SHARED, SqliteLock.WRITE, SqliteLock.WAL_INDEX_IN_USE)
                .anyMatch(SqliteLock::isReadMark);
    }
}

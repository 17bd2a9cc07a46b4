package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.fault.SilentFolderWatch;
import dev.runnel.testkit.process.Namespace;
import dev.runnel.testkit.sql.SqlFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** File-system events only make it quicker: without them every commit is shipped all the same, a little later. */
@Tag("slow")
class EventsTest {
    /** A look a second, and what a busy machine adds. */
    private static final Duration LAG = Duration.ofSeconds(4);

    private static final String NEXT_STEP = "Raise fs.inotify.max_user_instances";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @Test
    void i6WhereEveryEventIsLostTheLagIsBounded() throws SqlFailure {
        try (Application application = Application.start(scene.database());
                EngineUnderTest engine =
                        EmbeddedEngine.startAlone(scene.database(), scene.replicaFolder(), new SilentFolderWatch())) {
            engine.awaitTxid(1);
            loneCommitIsShipped(application, engine);
            loneCommitIsShipped(application, engine);
            scene.isRestorable(application.orders(), engine);
        }
    }

    @Test
    void i6WhereTheSystemGivesNoEventsThatIsSaidOnceAndTheLagIsBounded() throws SqlFailure {
        Namespace.assumeAvailable();
        try (ProgramEngine engine =
                ProgramEngine.startBy(Namespace::withoutInotify, scene.database(), scene.replicaFolder())) {
            engine.awaitLog(Pattern.compile("WARN.*no file-system events.*" + NEXT_STEP));
            try (Application application = Application.start(scene.database())) {
                engine.awaitTxid(1);
                loneCommitIsShipped(application, engine);
                scene.isRestorable(application.orders(), engine);
            }
            scene.awaitLetGo();
            try (Application application = Application.start(scene.database())) {
                loneCommitIsShipped(application, engine);
                scene.isRestorable(application.orders(), engine);
            }
            assertThat(engine.stop()).as(engine.log()).isZero();
            assertThat(engine.log()).containsOnlyOnce(NEXT_STEP);
        }
    }

    private void loneCommitIsShipped(Application application, EngineUnderTest engine) throws SqlFailure {
        long before = scene.replica().newestTxid();
        application.order("after a quiet time");
        Await.until("the commit is at the replica", LAG, () -> {
            engine.assertAlive();
            return scene.replica().newestTxid() > before;
        });
    }
}

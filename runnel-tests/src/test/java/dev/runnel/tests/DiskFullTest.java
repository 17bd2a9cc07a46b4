package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.process.Namespace;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The disk with Runnel's own files is full: that is said, the application is not held up, and it ends by itself. */
@Tag("slow")
class DiskFullTest {
    private static final Pattern FULL = Pattern.compile("WARN.*degraded.*No space left on device");
    private static final Duration LETTING_GO_LIMIT = Duration.ofMinutes(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() throws IOException {
        Namespace.assumeAvailable();
        scene = new Scene(folder);
        Files.createDirectory(scene.metaFolder());
    }

    @Test
    void i39WhileTheDiskIsFullTheWalIsLetGoAndAfterwardsTheNewestStateIsRestorable() throws SqlFailure, IOException {
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = startOnADiskOf("2m")) {
            engine.awaitTxid(1);
            scene.nextCommitIsRestorable(application, engine);
            Path filler = fill(engine);
            application.orders(5, "while the disk is full");
            engine.awaitLog(FULL);
            application.run("pragma busy_timeout=0");
            Await.until("the application's own checkpoint succeeds", LETTING_GO_LIMIT, () -> {
                application.order("in a WAL that is not held");
                return application
                        .session()
                        .rows("pragma wal_checkpoint(truncate)")
                        .equals(List.of("0|0|0"));
            });
            engine.assertAlive();
            Files.delete(filler);
            scene.nextCommitIsRestorable(application, engine);
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        scene.replica().checkAll();
    }

    @Test
    void i39AStartOnAFullDiskSucceedsOnceThereIsRoom() throws SqlFailure, IOException {
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = startOnADiskOf("64k,nr_inodes=1")) {
            engine.awaitLog(FULL);
            engine.assertAlive();
            Path room = Namespace.inside(engine.pid(), scene.metaFolder());
            Namespace.resize(engine.pid(), scene.metaFolder(), "8m,nr_inodes=1000");
            assertThat(room).isDirectory();
            scene.nextCommitIsRestorable(application, engine);
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
    }

    private ProgramEngine startOnADiskOf(String size) {
        return ProgramEngine.startBy(
                command -> Namespace.withDisk(scene.metaFolder(), size, command),
                scene.database(),
                scene.replicaFolder());
    }

    /** Takes all the room that Runnel's disk has. */
    private Path fill(ProgramEngine engine) throws IOException {
        Path filler = Namespace.inside(engine.pid(), scene.metaFolder()).resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            Throwable failure = catchThrowable(() -> {
                while (true) {
                    out.write(new byte[4096]);
                }
            });
            assertThat(failure).isInstanceOf(IOException.class).hasMessageContaining("No space left");
        }
        return filler;
    }
}

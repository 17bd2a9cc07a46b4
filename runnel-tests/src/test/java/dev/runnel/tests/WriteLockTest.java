package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.sql.SqlFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A writer that does not wait at all is never refused, whatever Runnel has to do with the whole database. */
@Tag("slow")
class WriteLockTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int KILOBYTES = 24 * 1024;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void i3NoBaselineNoScanAndNoRepairTakesTheWriteLock() throws SqlFailure {
        Scene scene = new Scene(folder);
        try (Application application = Application.start(scene.database())) {
            application.bulk(KILOBYTES).run("pragma wal_checkpoint(truncate)", "pragma busy_timeout=100");
            try (ProgramEngine engine = scene.startRunnel()) {
                writeUntil(application, "a baseline", () -> scene.replica().newestTxid() > 3);
                Scene.deleteTree(scene.replicaFolder());
                writeUntil(application, "another baseline", () -> hasBaselineAfter(scene, 1));
                engine.kill9();
            }
            application.restartWal().run("pragma wal_checkpoint(truncate)").restartWal();
            try (ProgramEngine engine = scene.startRunnel()) {
                writeUntil(application, "a gap repair", () -> engine.log().contains("comparing pages"));
                writeUntilShipped(application, scene);
                engine.kill9();
            }
            Scene.deleteTree(scene.metaFolder());
            try (ProgramEngine engine = scene.startRunnel()) {
                writeUntil(
                        application, "the replica read back", () -> engine.log().contains("reading TXID"));
                writeUntilShipped(application, scene);
                assertThat(engine.stop()).as(engine.log()).isZero();
                assertThat(Application.ordersIn(new Restores(scene.replicaFolder(), folder).latest()))
                        .isEqualTo(application.orders());
            }
        }
    }

    private static boolean hasBaselineAfter(Scene scene, long txid) {
        return scene.replica().entries().stream().anyMatch(entry -> entry.level() == 9 && entry.maxTxid() > txid);
    }

    private static void writeUntilShipped(Application application, Scene scene) throws SqlFailure {
        long before = scene.replica().newestTxid();
        writeUntil(application, "more at the replica", () -> scene.replica().newestTxid() > before);
    }

    /**
     * Commits without a pause. Any reader that meets a half-written wal-index takes the write lock for microseconds; what
     * takes longer than a moment is a refusal, which is an {@link SqlFailure}.
     */
    private static void writeUntil(Application application, String what, BooleanSupplier fact) throws SqlFailure {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!fact.getAsBoolean()) {
            application.orders(20, "at once");
            assertThat(System.nanoTime()).as("time until there is " + what).isLessThan(end);
        }
    }
}

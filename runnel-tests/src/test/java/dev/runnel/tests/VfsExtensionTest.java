package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader of this layout that others wrote, SQLite's own VFS interface over the replica, finds the same rows. */
class VfsExtensionTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void thePublishedVfsExtensionReadsTheRowsOfAReplica() throws SqlFailure {
        Path extension = Path.of(System.getProperty("runnel.vfs", ""));
        ShellSession.assumeProgram();
        Assumptions.assumeTrue(
                Files.isRegularFile(extension), "skipped: no VFS extension; ./check installs it where npm is");
        Scene scene = new Scene(folder);
        List<String> orders;
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            application.bulk(300);
            application.orders(5, "for another reader");
            orders = application.orders();
            scene.isRestorable(orders, engine);
        }
        List<String> answer = Child.run(
                LIMIT,
                List.of(
                        "env",
                        "LITESTREAM_REPLICA_URL=file://" + scene.replicaFolder(),
                        "sqlite3",
                        ":memory:",
                        ".load " + extension,
                        ".open file:/replica.db?vfs=litestream",
                        "SELECT count(*) FROM orders; PRAGMA integrity_check;"));
        assertThat(answer).containsExactly(String.valueOf(orders.size()), "ok");
    }
}

package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.storm.Habits;
import dev.runnel.testkit.storm.Storm;
import dev.runnel.testkit.storm.StormDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published SQLite extension that reads Litestream's replicas page by page reads ours, and finds the same rows. */
@Tag("slow")
class VfsExtensionTest {
    private static final Path EXTENSION =
            Path.of(System.getProperty("runnel.project"), ".build", "vfs", "litestream-vfs.so");
    private static final String ALL_ROWS = "select id, length(b), hex(substr(b, 1, 20)), w from t order by id";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void itReadsTheRowsThatARestoreGives() throws SqlFailure {
        ShellSession.assumeProgram();
        assumeTrue(Files.exists(EXTENSION), "skipped: no extension; scripts/fetch-vfs-extension fetches it");
        Scene scene = new Scene(folder);
        Path database = StormDatabase.create(scene.database(), 4096);
        try (ProgramEngine engine = scene.startRunnel().awaitHistory();
                Storm storm = new Storm(Seeds.of("storm for the extension"))
                        .with(Habits.all(), () -> ChildSession.open(database))
                        .with(Habits.all().autocheckpoint(10), () -> ChildSession.open(database))
                        .start()) {
            storm.awaitMoreCommits(150, LIMIT);
            storm.stop();
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        Path restored = new Restores(scene.replicaFolder(), folder).latest();
        DatabaseOracle.assertCommitted(restored);

        List<String> read = rowsReadByTheExtension(scene.replicaFolder());

        assertThat(read).isNotEmpty().isEqualTo(DatabaseOracle.rows(restored, ALL_ROWS));
    }

    private List<String> rowsReadByTheExtension(Path replica) throws SqlFailure {
        Map<String, String> environment = Map.of("LITESTREAM_REPLICA_URL", RunnelCommand.url(replica));
        try (ShellSession shell = ShellSession.open(folder.resolve("unused.db"), environment)) {
            shell.rows(".load " + EXTENSION);
            shell.rows(".open 'file:label.db?vfs=litestream'");
            return shell.rows(ALL_ROWS);
        }
    }
}

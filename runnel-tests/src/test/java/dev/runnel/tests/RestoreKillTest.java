package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.RestoreReport;
import dev.runnel.restore.Restorer;
import dev.runnel.store.FolderStore;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.store.CountingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a restore that is kept slow by a limit, and the next one. */
@Tag("slow")
class RestoreKillTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int PAGE_SIZE = 4096;
    private static final int MEGABYTES = 24;
    private static final int NOTED_PAGES = 2000;
    private static final int NOTE_SIZE = 16;

    @TempDir
    Path folder;

    @Test
    void theNextRestoreMovesOnlyWhatTheKilledOneHadNot() throws SqlFailure, IOException {
        Scene scene = new Scene(folder);
        try (JdbcSession session = JdbcSession.open(scene.database())) {
            session.run(
                    "pragma journal_mode=wal",
                    "create table t(x)",
                    "with recursive n(i) as (select 1 union all select i + 1 from n where i < " + MEGABYTES + ")"
                            + " insert into t select randomblob(1000000) from n",
                    "pragma wal_checkpoint(truncate)");
        }
        Path source = DatabaseOracle.copyOf(scene.database(), scene.file("source.db"));
        try (ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        Path output = scene.file("restored.db");
        killInTheMiddle(scene, output);

        CountingStore store = new CountingStore(new FolderStore(Disk.system(), scene.replicaFolder()));
        RestoreReport report = restore(store, output);

        DatabaseOracle.assertSameBytes(source, output);
        long had = report.resumedPages() * PAGE_SIZE;
        assertThat(report.resumedPages()).isGreaterThan(500);
        assertThat(store.bytesRead()).isLessThan(MEGABYTES * 1_050_000L - had + 1_000_000);
        assertThat(namesBeside(output)).containsExactly("restored.db");
    }

    private void killInTheMiddle(Scene scene, Path output) throws IOException {
        Path config = Files.writeString(scene.file("slow.yml"), """
                dbs: [{path: %s, replica: {path: %s, max-bytes-per-second: 4MB}}]
                """.formatted(scene.database(), scene.replicaFolder()));
        Path database = scene.database();
        try (Child restore = Child.start(
                RunnelCommand.of(
                        "restore",
                        "-parallelism",
                        "1",
                        "-config",
                        config.toString(),
                        "-o",
                        output.toString(),
                        database.toString()),
                Map.of())) {
            Await.until("a part is moved", LIMIT, () -> {
                assertThat(restore.isAlive()).as(restore.transcript()).isTrue();
                return notes(output) > NOTED_PAGES * NOTE_SIZE;
            });
            restore.kill9();
        }
        assertThat(output).doesNotExist();
    }

    private static long notes(Path output) throws IOException {
        for (String name : namesBeside(output)) {
            if (name.endsWith("-moved")) {
                return Files.size(output.resolveSibling(name));
            }
        }
        return 0;
    }

    private static List<String> namesBeside(Path output) throws IOException {
        try (Stream<Path> files = Files.list(output.getParent())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("restored.db"))
                    .toList();
        }
    }

    private static RestoreReport restore(CountingStore store, Path output) throws IOException {
        LtxReplica replica = new LtxReplica(
                store, LtxKeys.folder(), new BaselineEncoding(ForkJoinPool.commonPool(), 1, Scratch.none()));
        return new Restorer(Disk.system(), Clock.system(), Entropy.system(), Executors::newFixedThreadPool)
                .restore(replica, new RestoreTarget.Latest(), output, RestoreOptions.DEFAULT);
    }
}

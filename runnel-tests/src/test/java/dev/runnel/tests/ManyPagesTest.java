package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.restore.IntegrityCheck;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.RestoreReport;
import dev.runnel.restore.Restorer;
import dev.runnel.store.FolderStore;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.DiskWithFiles;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.JavaProgram;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SparseDatabase;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database of very many pages, nearly all of them holes, gets its ledger and its first snapshot, is compared page by page
 * after it was changed while Runnel was down, and is restored, by processes with a heap of 64 MiB and 256 descriptors beside its class path.
 * {@code -Drunnel.pages=100000000} sets how many pages.
 */
@Tag("slow")
class ManyPagesTest {
    private static final Duration LIMIT = Duration.ofHours(3);
    private static final int USUAL_PAGES = 500_000;
    private static final int PAGE_SIZE = 512;

    @TempDir
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @Test
    void i48ADatabaseOfVeryManyPagesIsReplicatedComparedAndRestoredWithAHeapOf64MebibytesAnd256Descriptors()
            throws SqlFailure {
        int pages = Integer.getInteger("runnel.pages", USUAL_PAGES);
        SparseDatabase.createWithUnusedPages(scene.database(), PAGE_SIZE, pages);
        replicateBeyond(0);
        try (SqlSession session = JdbcSession.open(scene.database())) {
            session.run("update t set a='second'", "pragma wal_checkpoint(truncate)", "update t set a='third'");
        }
        replicateBeyond(scene.replica().newestTxid());
        Path restored = scene.file("restored.db");
        List<String> command = JavaProgram.withFewDescriptors(JavaProgram.of(ManyPagesTest.class.getName())
                .with("-Xmx64m", "-XX:+UseSerialGC")
                .command(scene.replicaFolder().toString(), restored.toString()));
        try (Child child = Child.start(command, Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.transcript()).isZero();
            assertThat(child.transcript()).contains("restored " + pages + " pages");
        }
        DatabaseOracle.assertSameBytes(scene.database(), restored);
    }

    private void replicateBeyond(long txid) {
        long begun = System.nanoTime();
        try (ProgramEngine engine = ProgramEngine.startOnSmallMachine(scene.database(), scene.replicaFolder())) {
            Await.until("a TXID above " + txid + " is at the replica", LIMIT, () -> {
                engine.assertAlive();
                assertThat(engine.log())
                        .as("%s", engine.openFiles())
                        .doesNotContain("OutOfMemoryError", "Too many open files");
                return scene.replica().newestTxid() > txid;
            });
            assertThat(engine.stop()).as(engine.log()).isZero();
            assertThat(engine.log()).doesNotContain("OutOfMemoryError");
        }
        System.out.println("above TXID " + txid + " after " + (System.nanoTime() - begun) / 1_000_000 + " ms");
    }

    /** The process that restores. */
    public static void main(String[] arguments) throws IOException {
        Disk system = Disk.system();
        Disk disk = new DiskWithFiles(
                system, file -> new SparseFile(system.create(file)), file -> new SparseFile(system.open(file)));
        LtxReplica replica = new LtxReplica(
                new FolderStore(disk, Path.of(arguments[0])),
                LtxKeys.folder(),
                new BaselineEncoding(ForkJoinPool.commonPool(), 1, Scratch.none()));
        Restorer restorer = new Restorer(disk, Clock.system(), Entropy.system(), Executors::newFixedThreadPool);
        RestoreReport report =
                restorer.restore(replica, new RestoreTarget.Latest(), Path.of(arguments[1]), RestoreOptions.DEFAULT);
        assertThat(report.integrityCheck()).isEqualTo(IntegrityCheck.NONE);
        System.out.println("restored " + report.image().pageCount() + " pages");
    }

    /** A file of which nothing that is all zeros is written, so that a large one fits: it is new, and gets its size last. */
    private record SparseFile(DiskFile file) implements DiskFile {
        private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20);

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            if (from.remaining() <= ZEROS.capacity() && from.equals(ZEROS.slice(0, from.remaining()))) {
                from.position(from.limit());
            } else {
                file.write(from, position);
            }
        }

        @Override
        public void setSize(long size) throws IOException {
            file.setSize(size);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void sync() throws IOException {
            file.sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

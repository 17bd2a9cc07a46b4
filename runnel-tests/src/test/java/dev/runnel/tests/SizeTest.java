package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SparseDatabase;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases of unusual sizes. {@code -Drunnel.megabytes=N} sets how large the large transaction is. */
@Tag("slow")
class SizeTest {
    private static final int USUAL_MEGABYTES = 192;
    private static final String SMALL_HEAP = "64m";

    @TempDir
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void i9DatabasesAcrossTheLockPageRestoreByteForByte(int pageSize) throws SqlFailure {
        SparseDatabase.createAcrossLockPage(scene.database(), pageSize);
        try (ProgramEngine engine = scene.startRunnel().awaitHistory();
                Application application = Application.start(scene.database())) {
            application.order("beside the lock page").bulk(20 * pageSize / 1024 + 20);
            assertThat(application.session().number("select max(pageno) from dbstat"))
                    .as("pages beyond the lock page are in use")
                    .isGreaterThan(0x40000000 / pageSize + 1);
            application.run("pragma wal_checkpoint(truncate)");
            restoresByteForByte(engine);
            application.run("vacuum").bulk(100).run("pragma wal_checkpoint(truncate)");
            restoresByteForByte(engine);
        }
    }

    @Test
    void aDatabaseOfOnePage() throws SqlFailure {
        try (SqlSession session = JdbcSession.open(scene.database())) {
            session.run("pragma journal_mode=wal", "pragma user_version=7");
            assertThat(session.number("pragma page_count")).isEqualTo(1);
            try (ProgramEngine engine = scene.startRunnel()) {
                session.run("pragma user_version=8", "pragma wal_checkpoint(truncate)");
                restoresByteForByte(engine);
            }
        }
    }

    @Test
    void i34AnEmptyFileIsWaitedFor() throws SqlFailure, IOException {
        Files.createFile(scene.database());
        startsOnceThereIsADatabase();
    }

    @Test
    void i34AMissingFileIsWaitedFor() throws SqlFailure {
        startsOnceThereIsADatabase();
    }

    @Test
    void i12ATransactionLargerThanTheHeap() throws SqlFailure {
        int megabytes = Integer.getInteger("runnel.megabytes", USUAL_MEGABYTES);
        try (Application application = Application.start(scene.database());
                ProgramEngine engine =
                        ProgramEngine.startWithHeap(SMALL_HEAP, scene.database(), scene.replicaFolder())) {
            engine.awaitTxid(1);
            application.bulk(megabytes * 1024);
            application.run("pragma wal_checkpoint(truncate)");
            restoresByteForByte(engine);
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
    }

    private void startsOnceThereIsADatabase() throws SqlFailure {
        try (ProgramEngine engine = scene.startRunnel()) {
            engine.awaitLog(Pattern.compile("app.db"));
            engine.assertAlive();
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application, engine);
            }
        }
    }

    private void restoresByteForByte(EngineUnderTest engine) {
        Path source = DatabaseOracle.copyOf(scene.database(), scene.file("source.db"));
        scene.isRestorable(source, engine);
        Restores.discard(source);
    }
}

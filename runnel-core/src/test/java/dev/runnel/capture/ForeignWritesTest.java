package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.platform.Disk;
import dev.runnel.sqlite.Descriptors;
import dev.runnel.sqlite.Embedding;
import dev.runnel.sqlite.SourceException;
import dev.runnel.sqlite.SourceFiles;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another program writes into a database file is told apart from what SQLite's checkpoints write. */
final class ForeignWritesTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void i41ACopyOverTheOpenFileIsDetected() throws IOException, SqlFailure {
        Path database = folder.resolve("app.db");
        try (SqlSession application = ChildSession.open(database)) {
            application.run("pragma journal_mode=wal", "create table t(v)", "pragma wal_checkpoint(truncate)");
            copy(database, folder.resolve("backup.db"));
            application.run("insert into t values(1)", "pragma wal_checkpoint(truncate)");
            try (Capture capture = capture(database)) {
                capture.requireUndisturbed();
                copy(folder.resolve("backup.db"), database);
                assertThatThrownBy(capture::requireUndisturbed).isInstanceOf(SourceException.Discontinuity.class);
            }
        }
    }

    @Test
    void i41CommitsAndCheckpointsOfEveryKindAreNotTakenForForeignWrites() throws IOException, SqlFailure {
        Path database = folder.resolve("app.db");
        try (SqlSession application = ChildSession.open(database)) {
            application.run("pragma journal_mode=wal", "pragma wal_autocheckpoint=5", "create table t(v)");
            // Nobody moves our lock while it waits.
            application.run("pragma busy_timeout=0");
            try (Capture capture = capture(database)) {
                for (String mode : List.of("passive", "full", "restart", "truncate", "noop")) {
                    for (int i = 0; i < 10; i++) {
                        application.run("insert into t values(randomblob(3000))");
                        assertThatCode(capture::requireUndisturbed)
                                .as("a commit")
                                .doesNotThrowAnyException();
                        capture.handOver();
                        application.run("pragma wal_checkpoint(" + mode + ")");
                        assertThatCode(capture::requireUndisturbed).as(mode).doesNotThrowAnyException();
                        capture.handOver();
                    }
                    application.run("vacuum");
                    assertThatCode(capture::requireUndisturbed).as("vacuum").doesNotThrowAnyException();
                    capture.handOver();
                }
            }
        }
    }

    private Capture capture(Path database) throws IOException {
        SourceFiles files = SourceFiles.open(database, new Descriptors(Embedding.ALONE), Duration.ofSeconds(5));
        return Capture.fresh(files, Disk.system(), folder);
    }

    private static void copy(Path from, Path to) {
        Child.run(LIMIT, List.of("cp", from.toString(), to.toString()));
    }
}

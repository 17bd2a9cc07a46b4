package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.log.SourcePosition;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.Descriptors;
import dev.runnel.sqlite.Embedding;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceFiles;
import dev.runnel.sqlite.WalIndexHeader;
import dev.runnel.sqlite.WalPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where capture goes on after we were away, against WALs that SQLite itself wrote meanwhile. */
final class ContinuityTest {
    private static final long LATER = Long.MAX_VALUE;

    @TempDir
    private Path folder;

    private final Descriptors descriptors = new Descriptors(Embedding.EMBEDDED);
    private Path database = Path.of("");
    private Optional<Connection> application = Optional.empty();

    @BeforeEach
    void startApplication() throws SQLException {
        database = folder.resolve("app.db");
        application = Optional.of(DriverManager.getConnection("jdbc:sqlite:" + database));
        run("pragma journal_mode=wal");
        run("pragma wal_autocheckpoint=0");
        run("create table t(x)");
        run("pragma wal_checkpoint(truncate)");
        run("insert into t values (1)");
    }

    @AfterEach
    void stopApplication() throws SQLException {
        application.orElseThrow().close();
    }

    @Test
    void i5AWalThatGrewIsReadOnFromOurFrame() throws Exception {
        SourcePosition left = leave();
        run("insert into t values (2)");
        assertThat(start(left)).isEqualTo(new CaptureStart.After(left.wal().orElseThrow()));
    }

    @Test
    void i5ReusedWalOfTheSameSizeIsAGap() throws Exception {
        SourcePosition left = leave();
        long size = Files.size(folder.resolve("app.db-wal"));
        run("pragma wal_checkpoint(restart)");
        run("update t set x = 2");
        assertThat(Files.size(folder.resolve("app.db-wal")))
                .as("size of the WAL, not grown by its reuse")
                .isEqualTo(size);
        assertThat(walIndex().lastFrame())
                .as("frames, as many as before")
                .isEqualTo(left.wal().orElseThrow().frame());
        assertThat(walIndex().salt1())
                .as("salt-1")
                .isEqualTo(left.wal().orElseThrow().salt1() + 1);
        assertThat(start(left)).isInstanceOf(CaptureStart.Now.class);
    }

    @Test
    void i5ATruncatedWalIsAGap() throws Exception {
        SourcePosition left = leave();
        run("update t set x = 2");
        run("pragma wal_checkpoint(truncate)");
        assertThat(start(left)).isInstanceOf(CaptureStart.Now.class);
    }

    @Test
    void i5ANewWalBesideAnUntouchedFileIsReadFromItsFirstFrame() throws Exception {
        run("pragma wal_checkpoint(truncate)");
        SourcePosition left = leave();
        run("update t set x = 2");
        assertThat(start(left)).isInstanceOf(CaptureStart.FirstFrame.class);
    }

    @Test
    void i41AnUntouchedFileBesideAnotherWalProvesNothingIfFramesWereNotCopiedBack() throws Exception {
        SourcePosition left = leave();
        WalPosition at = left.wal().orElseThrow();
        WalPosition removed = new WalPosition(at.salt1() + 7, at.salt2(), at.frame(), at.checksum1(), at.checksum2());
        assertThat(start(new SourcePosition(Optional.of(removed), left.database())))
                .isInstanceOf(CaptureStart.Now.class);
        assertThat(start(new SourcePosition(Optional.empty(), left.database())))
                .as("everything was in the file")
                .isInstanceOf(CaptureStart.FirstFrame.class);
    }

    @Test
    void i5TheSameWalBesideAnotherFileIsAGap() throws Exception {
        SourcePosition left = leave();
        FileIdentity ours = left.database();
        FileIdentity other = new FileIdentity(ours.device(), ours.inode() + 1, ours.size(), ours.changedNanos());
        assertThat(start(new SourcePosition(left.wal(), other))).isInstanceOf(CaptureStart.Now.class);
    }

    @Test
    void i5AFreshChangeTimeProvesNothing() throws Exception {
        run("pragma wal_checkpoint(truncate)");
        SourcePosition left = leave();
        FileIdentity fresh = Continuity.provable(
                left.database(),
                left.database().changedNanos() + Duration.ofMillis(20).toNanos());
        run("update t set x = 2");
        assertThat(start(new SourcePosition(left.wal(), fresh))).isInstanceOf(CaptureStart.Now.class);
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = application.orElseThrow().createStatement()) {
            statement.execute(sql);
        }
    }

    /** Captures everything, lets go, and gives the place where that was. */
    private SourcePosition leave() throws IOException {
        try (Capture capture = Capture.fresh(open(), Disk.system(), folder)) {
            capture.handOver();
            return capture.positionAt(Continuity.provable(FileIdentity.of(database), LATER));
        }
    }

    private CaptureStart start(SourcePosition left) throws IOException {
        try (SourceFiles files = open()) {
            return Continuity.from(files, Optional.of(left), FileIdentity.of(database));
        }
    }

    private WalIndexHeader walIndex() throws IOException {
        try (SourceFiles files = open()) {
            return files.walIndex();
        }
    }

    private SourceFiles open() throws IOException {
        return SourceFiles.open(database, descriptors, Duration.ofSeconds(1));
    }
}

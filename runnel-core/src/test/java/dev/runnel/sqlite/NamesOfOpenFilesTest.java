package dev.runnel.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The names of a database, its WAL and its wal-index are taken away, or given to other files, while they are open here. The
 * application is a process of its own.
 */
@Tag("slow")
final class NamesOfOpenFilesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String FOREIGN = "not a file of the open database";

    @TempDir
    Path folder;

    private Path database = Path.of("");

    @BeforeEach
    void makeDatabase() throws SqlFailure {
        database = make("app.db", "old");
    }

    private Path make(String name, String row) throws SqlFailure {
        Path made = folder.resolve(name);
        try (SqlSession session = ChildSession.open(made)) {
            session.run("pragma journal_mode=wal", "create table t(v)", "insert into t values('" + row + "')");
        }
        return made;
    }

    @ParameterizedTest
    @CsvSource({"'',removed", "'',replaced", "-wal,removed", "-wal,replaced", "-shm,removed", "-shm,replaced"})
    void i41ANameThatIsTakenAwayIsDetected(String suffix, String how) throws IOException, SqlFailure {
        Path name = folder.resolve("app.db" + suffix);
        SourceFiles files = open();
        try (SqlSession application = ChildSession.open(database)) {
            application.run("insert into t values('committed')");
            files.requireInPlace();
            Files.delete(name);
            if (how.equals("replaced")) {
                Files.writeString(name, FOREIGN);
            }
            assertThat(files.isInPlace()).isFalse();
            assertThatThrownBy(files::requireInPlace).isInstanceOf(SourceException.Discontinuity.class);
            assertThatThrownBy(files::connect).isInstanceOf(SourceException.Discontinuity.class);
            assertThatThrownBy(() -> files.checkpointPassive(files.firstConnection()))
                    .isInstanceOf(SourceException.Discontinuity.class);
            files.close();
            assertThat(Files.exists(name)).as("the name after closing").isEqualTo(how.equals("replaced"));
            if (how.equals("replaced")) {
                assertThat(name).hasContent(FOREIGN);
            }
        }
    }

    @Test
    void i42ClosingWritesNothingAndDeletesNothingOnceTheWalHasLostItsName() throws IOException, SqlFailure {
        SourceFiles files = open();
        try (SqlSession application = ChildSession.open(database)) {
            application.run("insert into t values('in the WAL alone')");
        }
        for (String suffix : List.of("-wal", "-shm")) {
            Files.delete(folder.resolve("app.db" + suffix));
            Files.writeString(folder.resolve("app.db" + suffix), FOREIGN);
        }
        Path before = copy(database);
        files.close();
        assertThat(folder.resolve("app.db-wal")).hasContent(FOREIGN);
        assertThat(folder.resolve("app.db-shm")).hasContent(FOREIGN);
        assertThat(Files.mismatch(database, before)).as("first changed byte").isEqualTo(-1);
    }

    @Test
    void i42TheWalStaysIfAnotherProcessHasOpenedTheNewFileWithIt() throws IOException, SqlFailure {
        Path other = make("new.db", "new");
        SourceFiles files = open();
        try (SqlSession application = ChildSession.open(database)) {
            application.run("insert into t values('before')");
            application.disconnect();
            moveOver(other);
            application.connect();
            application.run("insert into t values('acknowledged')");
            files.close();
            assertThat(rows(database)).contains("acknowledged");
        }
        assertThat(rows(database)).contains("acknowledged");
    }

    @Test
    void i42TheWalOfAReplacedFileIsRemovedAndTheReplacedFileIsWhole() throws IOException, SqlFailure {
        Path other = make("new.db", "new");
        SourceFiles files = open();
        try (SqlSession application = ChildSession.open(database)) {
            application.run("insert into t values('the last commit')");
        }
        Path kept = folder.resolve("kept.db");
        Files.move(database, kept);
        moveOver(other);
        files.close();
        assertThat(folder.resolve("app.db-wal")).doesNotExist();
        assertThat(folder.resolve("app.db-shm")).doesNotExist();
        assertThat(rows(database)).containsExactly("new");
        assertThat(rows(kept)).containsExactly("old", "the last commit");
    }

    @Test
    void i42TheWalStaysWhileAnotherProcessHasTheReplacedFileOpen() throws IOException, SqlFailure {
        Path other = make("new.db", "new");
        SourceFiles files = open();
        try (SqlSession application = ChildSession.open(database)) {
            application.run("insert into t values('before')");
            moveOver(other);
            files.close();
            assertThat(folder.resolve("app.db-wal")).exists();
            application.run("insert into t values('after')");
            assertThat(application.rows("select v from t")).containsExactly("old", "before", "after");
        }
    }

    @Test
    void i42AFileThatIsReplacedBeforeItsWalIsOpenIsNotMixedWithTheNewOne() throws IOException, SqlFailure {
        Path other = make("new.db", "new");
        DatabaseFile file = DatabaseFile.open(database, descriptors());
        leaveAWal();
        moveOver(other);
        assertUnchanged(
                () -> assertThatThrownBy(() -> SourceFiles.open(file, PATIENCE).close())
                        .isInstanceOf(SourceException.Discontinuity.class));
    }

    /** SQLite opens a file by name, and that may be the new one already; then it has the old WAL open too. */
    @Test
    void i42AConnectionToTheNewFileIsClosedWithoutCopyingTheOldWalIntoIt() throws IOException, SqlFailure {
        Path other = make("new.db", "new");
        try (DatabaseFile file = DatabaseFile.open(database, descriptors())) {
            leaveAWal();
            moveOver(other);
            assertUnchanged(() -> {
                SqliteConnection connection = SqliteConnection.open(database, PATIENCE);
                connection.begin();
                assertThat(file.isOpenHere())
                        .as("while SQLite has the new file open")
                        .isFalse();
                ConnectionByName.close(connection, file);
            });
        }
    }

    /** As an application leaves it that is killed, or whose last close met a lock of Runnel. */
    private void leaveAWal() throws SqlFailure {
        SqlSession application = ChildSession.open(database);
        application.run("insert into t values('before')");
        application.kill();
    }

    /** Neither the file nor the WAL beside it, which is not the file's own. */
    private void assertUnchanged(Step step) throws IOException {
        Path wal = SourceFiles.walPath(database);
        byte[] fileBefore = Files.readAllBytes(database);
        byte[] walBefore = Files.readAllBytes(wal);
        step.run();
        assertThat(wal).hasBinaryContent(walBefore);
        assertThat(database).hasBinaryContent(fileBefore);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    @Test
    void i42TheLockOfAConnectionTellsThatItIsOneToTheOpenFile() throws IOException, SqlFailure {
        Path other = make("new.db", "new");
        try (DatabaseFile file = DatabaseFile.open(database, descriptors());
                SqliteConnection connection = SqliteConnection.open(database, PATIENCE)) {
            connection.begin();
            moveOver(other);
            assertThat(file.isOpenHere()).isTrue();
        }
    }

    @Test
    void i42NothingIsLeftOfADatabaseThatWasDeleted() throws IOException, SqlFailure {
        SourceFiles files = open();
        try (SqlSession application = ChildSession.open(database)) {
            application.run("insert into t values('before')");
        }
        Files.delete(database);
        files.close();
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void i42TheApplicationsOwnLastCloseWorksAfterOurs() throws IOException, SqlFailure {
        try (SqlSession application = ChildSession.open(database)) {
            SourceFiles files = open();
            application.run("insert into t values('before')");
            files.close();
            assertThat(folder.resolve("app.db-wal")).exists();
        }
        assertThat(folder.resolve("app.db-wal")).doesNotExist();
        assertThat(rows(database)).containsExactly("old", "before");
    }

    @Test
    void i49SqliteOpensTheVeryBytesOfADecomposedName() throws IOException, SqlFailure {
        String decomposed = Normalizer.normalize("données.db", Normalizer.Form.NFD);
        Path ours = make(decomposed, "ours");
        Path twin = make(Normalizer.normalize(decomposed, Normalizer.Form.NFC), "twin");
        try (SqlSession session = ChildSession.open(twin)) {
            session.run("pragma journal_mode=delete");
        }
        Path before = copy(twin);
        try (RollbackFiles files = new RollbackFiles(DatabaseFile.open(ours, descriptors()), PATIENCE)) {
            assertThat(files.switchToWal(PATIENCE)).isEqualTo("wal");
        }
        try (SourceFiles files = SourceFiles.open(ours, descriptors(), PATIENCE)) {
            assertThat(files.isInPlace()).isTrue();
        }
        assertThat(Files.mismatch(twin, before))
                .as("first changed byte of the twin")
                .isEqualTo(-1);
    }

    @Test
    void i49EveryCharacterOfANameReachesSqlite() throws IOException, SqlFailure {
        Path ours = Files.move(make("plain.db", "ours"), folder.resolve("we ird?mode=ro#%41&;'\"\\ +näme.db"));
        try (SourceFiles files = SourceFiles.open(ours, descriptors(), PATIENCE)) {
            assertThat(files.isInPlace()).isTrue();
        }
    }

    @Test
    void i49AFileBehindALinkHasItsWalBesideItselfAndALinkThatLeadsElsewhereIsDetected() throws IOException, SqlFailure {
        Path other = make("other.db", "other");
        Path link = Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("links")).resolve("link.db"), database);
        try (SourceFiles files = SourceFiles.open(link, descriptors(), PATIENCE)) {
            assertThat(files.database()).isEqualTo(database.toRealPath());
            assertThat(files.isInPlace()).isTrue();
            Files.delete(link);
            Files.createSymbolicLink(link, other);
            assertThat(files.isInPlace()).isFalse();
        }
        assertThat(folder.resolve("app.db-wal")).doesNotExist();
        assertThat(rows(database)).containsExactly("old");
    }

    @Test
    void i49AFileIsFollowedOnceWhateverItsNames() throws IOException {
        Path hard = Files.createLink(folder.resolve("hard.db"), database);
        Descriptors descriptors = descriptors();
        try (DatabaseFile first = DatabaseFile.open(database, descriptors)) {
            assertThat(first.isStillInPlace()).isTrue();
            assertThatThrownBy(() -> DatabaseFile.open(hard, descriptors).close())
                    .isInstanceOf(SourceException.SeveralNames.class);
            assertThatThrownBy(() -> DatabaseFile.open(hard, descriptors()).close())
                    .isInstanceOf(SourceException.FollowedElsewhere.class);
        }
        DatabaseFile.open(hard, descriptors).close();
    }

    private SourceFiles open() throws IOException {
        return SourceFiles.open(database, descriptors(), PATIENCE);
    }

    private static Descriptors descriptors() {
        return new Descriptors(Embedding.ALONE);
    }

    private void moveOver(Path other) throws IOException {
        Files.move(other, database, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Made by another process: closing a live database in this one would drop SQLite's locks. */
    private Path copy(Path live) {
        Path copy = folder.resolve("copy.db");
        Child.run(LIMIT, List.of("cp", live.toString(), copy.toString()));
        return copy;
    }

    /** As a new process finds them. */
    private static List<String> rows(Path database) throws SqlFailure {
        try (SqlSession session = ChildSession.open(database)) {
            return session.rows("select v from t order by rowid");
        }
    }
}

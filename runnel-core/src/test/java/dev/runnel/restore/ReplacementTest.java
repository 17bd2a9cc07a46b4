package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.PageSize;
import dev.runnel.restore.DyingDisk.Mode;
import dev.runnel.restore.RestoreOptions.ExistingOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A restored database takes the place of one that exists; SQLite itself says afterwards which of the two is there. */
@Tag("slow")
class ReplacementTest {
    private static final RestoreOptions FORCE = RestoreOptions.DEFAULT.withExisting(ExistingOutput.REPLACE);
    private static final int OLD_ROWS = 40;
    private static final int NEW_ROWS = 7;

    @TempDir
    Path folder;

    private int scenes;

    /** What is replaced. */
    enum Old {
        CLOSED,
        WITH_WAL,
        WITH_JOURNAL,
        EMPTY,
        DAMAGED,
        ONLY_A_WAL,
        NOTHING;

        /** What SQLite reads there before, as {@link #read} says it. */
        String content() {
            return switch (this) {
                case CLOSED, WITH_WAL, WITH_JOURNAL -> OLD_ROWS + " ok";
                case EMPTY, ONLY_A_WAL, NOTHING -> "empty";
                case DAMAGED -> "damaged";
            };
        }
    }

    /** A folder with an old database and, under a temporary name, a new one. */
    private record Scene(
            Path folder, Path output, Path restored, PageSize pageSize, int pageCount, Map<String, String> before) {}

    @ParameterizedTest
    @EnumSource
    void i51AKillAtAnyStepLeavesTheOldDatabaseOrTheNewOne(Old old) throws IOException, SQLException {
        sweep(old, Mode.DIES, false);
    }

    @ParameterizedTest
    @EnumSource
    void i51AKillAtAnyStepLeavesOneOfTheTwoWhereTheNameCannotBeTaken(Old old) throws IOException, SQLException {
        sweep(old, Mode.DIES, true);
    }

    @ParameterizedTest
    @EnumSource
    void i52WhatReportsAFailureHasChangedNothing(Old old) throws IOException, SQLException {
        sweep(old, Mode.FAILS_ONCE, false);
    }

    @ParameterizedTest
    @EnumSource
    void i52WhatReportsAFailureHasChangedNothingWhereTheNameCannotBeTaken(Old old) throws IOException, SQLException {
        sweep(old, Mode.FAILS_ONCE, true);
    }

    private void sweep(Old old, Mode mode, boolean isMounted) throws IOException, SQLException {
        int failures = 0;
        for (long step = 0; ; step++) {
            Scene scene = scene(old, 4096);
            boolean mount = isMounted && Files.exists(scene.output());
            DyingDisk disk = new DyingDisk(step, mode, mount ? Optional.of(scene.output()) : Optional.empty());
            Optional<RestoreException> failure = publish(disk, scene);
            String name = old + ", " + mode + " at step " + step + (failure.isPresent() ? ": " + failure.get() : "");
            failures += failure.isPresent() ? 1 : 0;
            if (failure.isEmpty()) {
                assertThat(read(scene)).as(name).isEqualTo(NEW_ROWS + " ok");
            } else if (mode == Mode.FAILS_ONCE) {
                assertThat(contents(scene)).as(name).isEqualTo(scene.before());
                assertThat(scene.restored()).as(name).exists();
            } else {
                assertThat(read(scene)).as(name).isIn(old.content(), NEW_ROWS + " ok");
            }
            if (!disk.hasFailed()) {
                assertThat(failures).as("steps that fail").isPositive();
                assertThat(contents(scene).keySet()).as(name).containsExactly("app.db");
                return;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 65536})
    void anyPageSizeTakesThePlaceOfAnyOther(int pageSize) throws IOException, SQLException {
        for (Old old : Old.values()) {
            Scene scene = scene(old, pageSize);
            byte[] expected = Files.readAllBytes(scene.restored());
            DyingDisk disk = new DyingDisk(Long.MAX_VALUE, Mode.DIES, Optional.of(scene.output()));

            assertThat(publish(old == Old.NOTHING || old == Old.ONLY_A_WAL ? free() : disk, scene))
                    .isEmpty();

            assertThat(Files.readAllBytes(scene.output())).isEqualTo(expected);
            assertThat(contents(scene).keySet()).containsExactly("app.db");
        }
    }

    @Test
    void i51OwnerGroupAndModeOfTheOldDatabaseStay() throws IOException, SQLException {
        for (Old old : List.of(Old.CLOSED, Old.WITH_WAL, Old.EMPTY)) {
            Scene scene = scene(old, 4096);
            Files.setPosixFilePermissions(scene.output(), PosixFilePermissions.fromString("rw-rw-r--"));
            Files.setAttribute(scene.output(), "user:note", ByteBuffer.wrap(new byte[] {1, 2}));
            boolean isRoot = (int) Files.getAttribute(scene.output(), "unix:uid") == 0;
            if (isRoot) {
                Files.setAttribute(scene.output(), "unix:uid", 1234);
                Files.setAttribute(scene.output(), "unix:gid", 1235);
            }

            assertThat(publish(free(), scene)).isEmpty();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(scene.output())))
                    .isEqualTo("rw-rw-r--");
            assertThat((byte[]) Files.getAttribute(scene.output(), "user:note")).containsExactly(1, 2);
            if (isRoot) {
                assertThat(Files.getAttribute(scene.output(), "unix:uid")).isEqualTo(1234);
                assertThat(Files.getAttribute(scene.output(), "unix:gid")).isEqualTo(1235);
            }
        }
    }

    @Test
    void i51TheFileBehindASymbolicLinkIsReplacedAndTheLinkStays() throws IOException, SQLException {
        Scene scene = scene(Old.WITH_WAL, 4096);
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), scene.output());

        new Output(free(), () -> 5, link, FORCE).publish(scene.restored(), scene.pageSize(), scene.pageCount());

        assertThat(link).isSymbolicLink();
        assertThat(read(scene)).isEqualTo(NEW_ROWS + " ok");
    }

    @Test
    void aNewDatabaseHasTheModeThatSqliteGives() throws IOException, SQLException {
        Scene scene = scene(Old.NOTHING, 4096);
        Path other = scene.output().resolveSibling("other.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + other)) {
            run(connection, "create table t(x)");
        }

        assertThat(publish(free(), scene)).isEmpty();

        assertThat(Files.getPosixFilePermissions(scene.output())).isEqualTo(Files.getPosixFilePermissions(other));
    }

    @Test
    void i51ADatabaseThatThisProcessHasOpenIsNotTouched() throws IOException, SQLException {
        Scene scene = scene(Old.CLOSED, 4096);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + scene.output())) {
            run(connection, "insert into t values(1)");
            Optional<RestoreException> failure = publish(free(), scene);

            assertThat(failure).get().isInstanceOf(RestoreException.InUse.class);
            assertThat(failure.get()).hasMessageContaining("this process itself");
        }
        assertThat(read(scene)).isEqualTo(OLD_ROWS + 1 + " ok");
    }

    private static DyingDisk free() {
        return new DyingDisk(Long.MAX_VALUE, Mode.DIES, Optional.empty());
    }

    private static Optional<RestoreException> publish(DyingDisk disk, Scene scene) {
        try {
            new Output(disk, () -> 5, scene.output(), FORCE)
                    .publish(scene.restored(), scene.pageSize(), scene.pageCount());
            return Optional.empty();
        } catch (RestoreException e) {
            return Optional.of(e);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The database and what SQLite keeps beside it. */
    private static Map<String, String> contents(Scene scene) throws IOException {
        return contentsOf(scene.folder());
    }

    /** Sizes and hashes tell two states apart, and are read more easily than bytes. */
    private static Map<String, String> contentsOf(Path folder) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (Map.Entry<String, byte[]> each : filesOf(folder).entrySet()) {
            found.put(each.getKey(), each.getValue().length + " bytes " + Arrays.hashCode(each.getValue()));
        }
        return found;
    }

    private static Map<String, byte[]> filesOf(Path folder) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.equals("app.db") || name.startsWith("app.db-")) {
                    found.put(name, Files.readAllBytes(file));
                }
            }
        }
        return found;
    }

    private Scene scene(Old old, int pageSize) throws IOException, SQLException {
        Path own = Files.createDirectory(folder.resolve("scene" + scenes++));
        Path output = own.resolve("app.db");
        Path model = folder.resolve("model of " + old);
        if (!Files.exists(model)) {
            make(old, Files.createDirectory(model));
        }
        for (Map.Entry<String, byte[]> each : filesOf(model).entrySet()) {
            Files.write(own.resolve(each.getKey()), each.getValue());
        }
        Path restored = own.resolve("app.db.0123456789abcdef.tmp");
        Files.copy(newDatabase(pageSize), restored);
        int pageCount = (int) (Files.size(restored) / pageSize);
        return new Scene(own, output, restored, new PageSize(pageSize), pageCount, contentsOf(own));
    }

    private Path newDatabase(int pageSize) throws SQLException {
        Path made = folder.resolve("new" + pageSize);
        if (!Files.exists(made)) {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + made)) {
                run(connection, "pragma synchronous=off", "pragma page_size=" + pageSize, "create table t(x)");
                insert(connection, NEW_ROWS);
            }
        }
        return made;
    }

    private static void make(Old old, Path to) throws IOException, SQLException {
        Path output = to.resolve("app.db");
        switch (old) {
            case NOTHING -> {}
            case EMPTY -> Files.createFile(output);
            case DAMAGED -> Files.write(output, new byte[10_000]);
            case CLOSED -> inUse(to, List.of("app.db"), "pragma journal_mode=delete");
            case WITH_WAL -> inUse(to, List.of("app.db", "app.db-wal", "app.db-shm"), "pragma journal_mode=wal");
            case ONLY_A_WAL -> inUse(to, List.of("app.db-wal"), "pragma journal_mode=wal");
            case WITH_JOURNAL ->
                inUse(
                        to,
                        List.of("app.db", "app.db-journal"),
                        "pragma journal_mode=delete",
                        "pragma cache_size=1",
                        "begin",
                        "delete from t",
                        "insert into t select randomblob(3000) from (values(1),(2),(3),(4),(5),(6),(7),(8))");
        }
    }

    /** Copies the files of a database that is open, as they are left by a process that is killed. */
    private static void inUse(Path to, List<String> names, String mode, String... then)
            throws IOException, SQLException {
        Path made = Files.createDirectory(to.resolve("made"));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + made.resolve("app.db"))) {
            run(connection, "pragma synchronous=off", mode, "create table t(x)");
            if (mode.endsWith("wal")) {
                run(connection, "pragma wal_checkpoint(truncate)");
            }
            insert(connection, OLD_ROWS);
            run(connection, then);
            for (String name : names) {
                Files.copy(made.resolve(name), to.resolve(name));
            }
        }
    }

    private static void insert(Connection connection, int rows) throws SQLException {
        for (int i = 0; i < rows; i++) {
            run(connection, "insert into t values(randomblob(700))");
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** What an application finds that opens a copy of the database and of the files beside it. */
    private String read(Scene scene) throws IOException {
        Path copy = Files.createTempDirectory(folder, "read");
        for (Map.Entry<String, byte[]> each : filesOf(scene.folder()).entrySet()) {
            Files.write(copy.resolve(each.getKey()), each.getValue());
        }
        List<String> answers = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy.resolve("app.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("pragma synchronous=off");
            for (String sql : List.of("select count(*) from t", "pragma integrity_check")) {
                try (ResultSet row = statement.executeQuery(sql)) {
                    row.next();
                    answers.add(row.getString(1));
                }
            }
            return String.join(" ", answers);
        } catch (SQLException e) {
            return String.valueOf(e.getMessage()).contains("no such table") ? "empty" : "damaged";
        }
    }
}

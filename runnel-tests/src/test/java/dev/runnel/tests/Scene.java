package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A folder with an application's database and a replica of it, and what happens to them in tests. */
final class Scene {
    /** Until the newest state is restorable, whatever went wrong before. On an idle machine it takes seconds. */
    static final Duration RECOVERY_LIMIT = Duration.ofMinutes(1);

    private static final Duration LETTING_GO_LIMIT = Duration.ofMinutes(1);

    private final Path folder;
    private final Path database;
    private final Path replicaFolder;
    private final Restores restores;

    Scene(Path folder) {
        this.folder = folder;
        this.database = folder.resolve("app.db");
        this.replicaFolder = folder.resolve("replica");
        this.restores = new Restores(replicaFolder, folder);
    }

    Path database() {
        return database;
    }

    Path replicaFolder() {
        return replicaFolder;
    }

    ReplicaOracle replica() {
        return new ReplicaOracle(replicaFolder);
    }

    /** Where Runnel keeps what it knows about the database. */
    Path metaFolder() {
        return folder.resolve(".app.db-runnel");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    ProgramEngine startRunnel() {
        return ProgramEngine.start(database, replicaFolder);
    }

    /** Commits once more, and asserts that this state can be restored in time. */
    void nextCommitIsRestorable(Application application, EngineUnderTest engine) throws SqlFailure {
        application.order("after all that");
        isRestorable(application.orders(), engine);
    }

    /** Asserts that the newest state at the replica is, or becomes in time, the one with these orders. */
    void isRestorable(List<String> orders, EngineUnderTest engine) {
        restoresTo("the newest orders", engine, restored -> {
            DatabaseOracle.assertSound(restored);
            assertThat(Application.ordersIn(restored)).isEqualTo(orders);
        });
    }

    /** Asserts that the newest state at the replica is, or becomes in time, this file, byte for byte. */
    void isRestorable(Path source, EngineUnderTest engine) {
        restoresTo("the source", engine, restored -> DatabaseOracle.assertSameBytes(source, restored));
    }

    /** Asserts that the newest state at the replica is the one with these orders, without waiting for it. */
    void restoresNow(List<String> orders) {
        Path restored = restores.latest();
        DatabaseOracle.assertSound(restored);
        assertThat(Application.ordersIn(restored)).isEqualTo(orders);
        Restores.discard(restored);
    }

    private void restoresTo(String what, EngineUnderTest engine, Consumer<Path> check) {
        try {
            Await.until("a restore gives " + what, RECOVERY_LIMIT, () -> {
                engine.assertAlive();
                Path restored = restores.latest();
                try {
                    check.accept(restored);
                    return true;
                } finally {
                    Restores.discard(restored);
                }
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nRunnel said:\n" + engine.log(), e);
        }
    }

    /** Waits until nobody has the database open any more, Runnel included, so that its {@code -wal} is gone. */
    void awaitLetGo() {
        Await.until(
                "-wal and -shm are gone after the last close",
                LETTING_GO_LIMIT,
                () -> Files.notExists(file("app.db-wal")) && Files.notExists(file("app.db-shm")));
    }

    /** A copy of the database as it is now, as a backup program would make it while nobody has it open. */
    Path backUp() {
        return DatabaseOracle.copyOf(database, file("backup.db"));
    }

    /** Deletes a folder in which Runnel may be making files again at that very moment. */
    static void deleteTree(Path top) {
        Await.until(top + " is deleted", LETTING_GO_LIMIT, () -> {
            Child.run(LETTING_GO_LIMIT, List.of("rm", "-rf", top.toString()));
            return true;
        });
    }

    static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What scripts do to the files of a database between an application's stop and its start, while Runnel runs. */
@Tag("slow")
class FilesTakenAwayTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void i41WalAndIndexAreRemovedBetweenStopAndStart() throws SqlFailure, IOException {
        Scene scene = new Scene(folder);
        try (ProgramEngine engine = startWithOrders(scene)) {
            stopApplication(scene, engine);
            removeWalAndIndex(scene);
            restartAndStop(scene, engine);
        }
    }

    @Test
    void i41ABackupIsCopiedOverTheFileAndWalAndIndexAreRemoved() throws SqlFailure, IOException {
        Scene scene = new Scene(folder);
        Path backup = emptyBackup(scene);
        try (ProgramEngine engine = startWithOrders(scene)) {
            stopApplication(scene, engine);
            DatabaseOracle.copyOf(backup, scene.database());
            removeWalAndIndex(scene);
            assertThat(restartAndStop(scene, engine)).hasSize(4);
        }
    }

    @Test
    void i41ABackupIsCopiedOverTheFileAndNothingIsRemoved() throws SqlFailure, IOException {
        Scene scene = new Scene(folder);
        Path backup = emptyBackup(scene);
        try (ProgramEngine engine = startWithOrders(scene)) {
            stopApplication(scene, engine);
            engine.signal("CONT");
            DatabaseOracle.copyOf(backup, scene.database());
            scene.awaitLetGo();
            assertThat(restartAndStop(scene, engine)).hasSize(4);
        }
    }

    /** Whether Runnel had it open, or was just opening it, when the file was moved. */
    @Test
    void i42AFileIsMovedOverTheDatabaseAndOpenedOnceTheOldWalIsGone() throws SqlFailure {
        Scene scene = new Scene(folder);
        try (ProgramEngine engine = startWithOrders(scene)) {
            for (int round = 0; round < 3; round++) {
                Path imported = scene.file("import.db");
                Application.start(imported).orders(20, "imported").close();
                try (SqlSession application = JdbcSession.open(scene.database())) {
                    application.run("insert into orders(note) values('before')");
                    application.disconnect();
                    Scene.move(imported, scene.database());
                    scene.awaitLetGo();
                    application.connect();
                    application.run("insert into orders(note) values('acknowledged')");
                    awaitRestorable(
                            scene, engine, application.rows("select id, note, length(filler) from orders order by id"));
                    assertAcknowledged(scene);
                }
                assertAcknowledged(scene);
            }
        }
    }

    /** Then SQLite applies the old WAL to the new file, and Runnel removes nothing that the application uses. */
    @Test
    void i42AFileIsMovedOverTheDatabaseAndOpenedBeforeRunnelCanSeeIt() throws SqlFailure {
        Scene scene = new Scene(folder);
        try (ProgramEngine engine = startWithOrders(scene)) {
            Path imported = scene.file("import.db");
            Application.start(imported).orders(20, "imported").close();
            stopApplication(scene, engine);
            Scene.move(imported, scene.database());
            try (SqlSession application = JdbcSession.open(scene.database())) {
                application.run("insert into orders(note) values('acknowledged')");
                int before = engine.log().length();
                engine.signal("CONT");
                Await.until(
                        "Runnel has seen that the file was replaced",
                        LIMIT,
                        () -> engine.log().substring(before).contains("replaced or removed"));
                application.run("insert into orders(note) values('also acknowledged')");
                try (SqlSession second = JdbcSession.open(scene.database())) {
                    assertThat(second.rows("select note from orders")).contains("acknowledged", "also acknowledged");
                }
                assertThat(engine.log()).contains("is left in place");
            }
        }
    }

    private static void assertAcknowledged(Scene scene) throws SqlFailure {
        try (Application second = Application.start(scene.database())) {
            assertThat(second.session().rows("select note from orders")).contains("acknowledged");
            assertThat(second.session().rows("pragma integrity_check")).containsExactly("ok");
        }
    }

    private static void awaitRestorable(Scene scene, ProgramEngine engine, List<String> rows) {
        assertThat(rows).isNotEmpty();
        scene.isRestorable(rows, engine);
    }

    @Test
    void i49ADatabaseBehindALinkIsFollowedAndSoIsWhateverTheLinkLeadsToLater() throws SqlFailure, IOException {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        Scene behind = new Scene(volume);
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), behind.database());
        Path replica = folder.resolve("replica");
        try (Application application = Application.start(behind.database()).order("behind the link");
                ProgramEngine engine = ProgramEngine.start(link, replica).awaitHistory()) {
            assertThat(folder.resolve(".link.db-runnel")).isDirectory();
            Scene seen = new Scene(folder);
            seen.nextCommitIsRestorable(application, engine);
            Path other = volume.resolve("other.db");
            try (Application next = Application.start(other).orders(3, "in the other file")) {
                Files.createSymbolicLink(folder.resolve("next"), other);
                Scene.move(folder.resolve("next"), link);
                seen.nextCommitIsRestorable(next, engine);
            }
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
    }

    @Test
    void i49ANameOf243BytesIsFollowedAndRestored() throws SqlFailure {
        Path database = folder.resolve("ü".repeat(120) + ".db");
        Path replica = folder.resolve("replica");
        List<String> orders;
        try (Application application = Application.start(database).orders(3, "long")) {
            assertThat(exitOf("replicate", "-once", database.toString(), RunnelCommand.url(replica)))
                    .isZero();
            orders = application.orders();
        }
        Path output = folder.resolve("ö".repeat(120) + "-rs");
        assertThat(exitOf("restore", "-integrity-check", "full", "-o", output.toString(), RunnelCommand.url(replica)))
                .isZero();
        assertThat(Application.ordersIn(output)).isEqualTo(orders);
        assertThat(folder.toFile().list((_, name) -> name.endsWith(".tmp"))).isEmpty();
    }

    private static int exitOf(String... arguments) {
        try (Child child = Child.start(RunnelCommand.of(arguments), Map.of())) {
            int status = child.awaitExit(LIMIT);
            if (status != 0) {
                throw new AssertionError(child.transcript());
            }
            return status;
        }
    }

    private static Path emptyBackup(Scene scene) throws SqlFailure {
        Application.start(scene.database()).order("in the backup").close();
        return scene.backUp();
    }

    private static ProgramEngine startWithOrders(Scene scene) throws SqlFailure {
        ProgramEngine engine;
        try (Application application = Application.start(scene.database())) {
            engine = scene.startRunnel().awaitHistory();
            scene.nextCommitIsRestorable(application.bulk(100).orders(20, "before"), engine);
        }
        scene.awaitLetGo();
        return engine;
    }

    /** Stops the application; Runnel still has the database open, and does nothing until {@link #restartAndStop}. */
    private static void stopApplication(Scene scene, ProgramEngine engine) throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            application.orders(5, "just before the stop");
            Await.until("Runnel has backfilled what was committed", LIMIT, () -> isBackfilled(application));
            scene.isRestorable(application.orders(), engine);
            engine.signal("STOP");
        }
        assertThat(scene.file("app.db-wal")).as("Runnel has the database open").exists();
    }

    private static boolean isBackfilled(Application application) {
        try {
            String[] found = application
                    .session()
                    .rows("pragma wal_checkpoint(noop)")
                    .getFirst()
                    .split("\\|", -1);
            return found[1].equals(found[2]);
        } catch (SqlFailure e) {
            throw new AssertionError(e);
        }
    }

    private static void removeWalAndIndex(Scene scene) throws IOException {
        Files.deleteIfExists(scene.file("app.db-wal"));
        Files.deleteIfExists(scene.file("app.db-shm"));
    }

    private static List<String> restartAndStop(Scene scene, ProgramEngine engine) throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            application.order("after the start");
            engine.signal("CONT");
            scene.nextCommitIsRestorable(application, engine);
            application.order("right before the end");
            List<String> orders = new ArrayList<>(application.orders());
            assertThat(engine.stop()).as(engine.log()).isZero();
            scene.restoresNow(orders);
            return orders;
        }
    }
}

package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.runnel.testkit.process.IgnoredSignals;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the program ends: what a signal makes it do, and what its exit status says. */
@Tag("slow")
class ShutdownTest {
    private static final int SIGHUP = 1;
    private static final int SIGINT = 2;

    @TempDir
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void i37ASignalShipsWhatIsCommittedAndTheStatusSaysSo(String signal) throws SqlFailure, IOException {
        assumeFalse(
                signal.equals("INT") && IgnoredSignals.contains(SIGINT),
                "skipped: this process ignores SIGINT (in the background of a shell, for example), and a Runnel started by it"
                        + " would, too");
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            for (int round = 0; round < 20; round++) {
                application.order("just before the signal");
            }
            engine.signal(signal);
            assertThat(engine.awaitExit()).as(engine.log()).isZero();
            assertThat(Application.ordersIn(new Restores(scene.replicaFolder(), folder).latest()))
                    .isEqualTo(application.orders());
        }
    }

    @Test
    void i37SighupIsNotAnEnd() throws SqlFailure, IOException {
        assumeFalse(
                IgnoredSignals.contains(SIGHUP),
                "skipped: this process ignores SIGHUP (under nohup, for example), and a Runnel started by it would, too");
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            engine.signal("HUP");
            engine.awaitLog(Pattern.compile(".*the configuration is not applied, and Runnel continues as before.*"));
            scene.nextCommitIsRestorable(application, engine);
            application.order("before the end");
            assertThat(engine.stop()).as(engine.log()).isZero();
            assertThat(Application.ordersIn(new Restores(scene.replicaFolder(), folder).latest()))
                    .isEqualTo(application.orders());
        }
    }

    @Test
    void i37ASignalBeforeTheDatabaseIsAttachedShipsWhatWasCommittedBefore() throws SqlFailure {
        try (Application application = Application.start(scene.database())) {
            Restores restores = new Restores(scene.replicaFolder(), folder);
            for (int round = 0; round < 3; round++) {
                application.orders(100, "while nobody looked").run("pragma wal_checkpoint(truncate)");
                application.order("in a new WAL");
                try (ProgramEngine engine = scene.startRunnel()) {
                    engine.awaitLog(Pattern.compile(".*initialized db.*"));
                    engine.signal("TERM");
                    assertThat(engine.awaitExit()).as(engine.log()).isZero();
                }
                assertThat(Application.ordersIn(restores.latest())).isEqualTo(application.orders());
            }
        }
    }

    @Test
    void i37TheStatusSaysWhenTheReplicaLacksSomething() throws SqlFailure, IOException {
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            scene.isRestorable(application.order("shipped").orders(), engine);
            Scene.move(scene.replicaFolder(), scene.file("replica-aside"));
            Files.writeString(scene.replicaFolder(), "in the way");
            application.order("not to be shipped");
            engine.signal("TERM");
            assertThat(engine.awaitExit()).as(engine.log()).isEqualTo(1);
        }
    }

    @Test
    void i37AfterAnEndThatShippedNotAllTheNextStartDoes() throws SqlFailure, IOException {
        List<String> orders;
        try (Application application = Application.start(scene.database())) {
            try (ProgramEngine engine = scene.startRunnel().awaitHistory()) {
                scene.isRestorable(application.order("shipped").orders(), engine);
                engine.kill9();
            }
            orders = application.order("committed while nobody looked").orders();
        }
        try (ProgramEngine engine = scene.startRunnel()) {
            scene.isRestorable(orders, engine);
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
    }

    @Test
    void i37ASecondSignalEndsAtOnce() throws SqlFailure, IOException {
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            Scene.move(scene.replicaFolder(), scene.file("replica-aside"));
            Files.writeString(scene.replicaFolder(), "in the way");
            application.order("not to be shipped");
            engine.signal("TERM");
            engine.signal("TERM");
            assertThat(engine.awaitExit()).as(engine.log()).isNotZero();
        }
    }

    @Test
    void i35AStopLeavesTheDatabaseAsItWas() throws SqlFailure {
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            List<String> orders = application.orders(3, "one").orders();
            assertThat(engine.stop()).as(engine.log()).isZero();
            assertThat(application.orders()).isEqualTo(orders);
            assertThat(application.session().rows("pragma integrity_check")).containsExactly("ok");
        }
    }
}

package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to the replica, the newest state is restorable within ten seconds of the next commit. */
@Tag("slow")
class ReplicaDamageTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Scene scene = new Scene(Path.of(""));

    @BeforeEach
    void setScene() {
        scene = new Scene(folder);
    }

    enum Damage {
        NEWEST_FILE_LOST,
        NEWEST_FILE_CUT_SHORT,
        MIDDLE_FILE_LOST,
        MIDDLE_FILE_CUT_SHORT,
        EVERYTHING_LOST
    }

    @ParameterizedTest
    @EnumSource
    void i17WhileRunnelRuns(Damage damage) throws SqlFailure, IOException {
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            makeHistory(application, engine);
            inflict(damage);
            scene.nextCommitIsRestorable(application, engine);
            everyFileIsSoundAgain();
        }
    }

    @ParameterizedTest
    @EnumSource
    void i17WhileRunnelIsDown(Damage damage) throws SqlFailure, IOException {
        try (Application application = Application.start(scene.database())) {
            try (ProgramEngine engine = scene.startRunnel().awaitHistory()) {
                makeHistory(application, engine);
                assertThat(engine.stop()).as(engine.log()).isZero();
            }
            inflict(damage);
            try (ProgramEngine engine = scene.startRunnel()) {
                scene.nextCommitIsRestorable(application, engine);
                everyFileIsSoundAgain();
            }
        }
    }

    @Test
    void i39TheReplicaCannotBeWrittenForAWhile() throws SqlFailure, IOException {
        Path aside = scene.file("replica-aside");
        try (Application application = Application.start(scene.database());
                ProgramEngine engine = scene.startRunnel().awaitHistory()) {
            makeHistory(application, engine);
            // A file in the folder's place stops even root from writing there.
            Scene.move(scene.replicaFolder(), aside);
            Files.writeString(scene.replicaFolder(), "in the way");
            application.orders(10, "while the replica was away");
            engine.awaitLog(Pattern.compile(
                    "(WARN|ERROR).*" + Pattern.quote(scene.replicaFolder().toString())));
            Files.delete(scene.replicaFolder());
            Scene.move(aside, scene.replicaFolder());
            scene.nextCommitIsRestorable(application, engine);
        }
    }

    private void makeHistory(Application application, ProgramEngine engine) throws SqlFailure {
        ReplicaOracle replica = scene.replica();
        for (int i = 0; i < 6; i++) {
            long before = replica.newestTxid();
            application.order("in a change set of its own " + i);
            engine.awaitTxid(before + 1);
        }
        scene.nextCommitIsRestorable(application, engine);
    }

    private void inflict(Damage damage) throws IOException {
        List<ReplicaOracle.Entry> entries = scene.replica().entries();
        List<ReplicaOracle.Entry> level0 =
                entries.stream().filter(entry -> entry.level() == 0).toList();
        Path newest = level0.getLast().file();
        Path middle = level0.get(level0.size() / 2).file();
        switch (damage) {
            case NEWEST_FILE_LOST -> Files.delete(newest);
            case MIDDLE_FILE_LOST -> Files.delete(middle);
            case NEWEST_FILE_CUT_SHORT -> cutShort(newest);
            case MIDDLE_FILE_CUT_SHORT -> cutShort(middle);
            case EVERYTHING_LOST -> Scene.deleteTree(scene.replicaFolder());
        }
    }

    private static void cutShort(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(open.length() / 2);
        }
    }

    /** What was damaged is whole again, or nothing leads over it any more. */
    private void everyFileIsSoundAgain() {
        ReplicaOracle replica = scene.replica();
        Await.until("the replica leads to its newest TXID", LIMIT, () -> {
            replica.imageAt(replica.newestTxid());
            return true;
        });
    }
}

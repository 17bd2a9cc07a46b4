package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code replicate -once}, as somebody uses it from a timer: its exit status says whether everything is at the replica. */
@Tag("slow")
class OnceTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void everythingIsAtTheReplicaWhenItEndsWithSuccess() throws Exception {
        Scene scene = new Scene(folder);
        try (Application application = Application.start(scene.database()).orders(3, "before")) {
            runOnce(scene, 0);
            assertRestores(scene, application);
            application.orders(2, "after");
            runOnce(scene, 0);
            assertRestores(scene, application);
            assertThat(baselines(scene)).hasSize(1);
        }
    }

    @Test
    void whatHappenedInAGapIsLookedForBeforeItEnds() throws Exception {
        Scene scene = new Scene(folder);
        List<String> orders = List.of();
        for (int round = 0; round < 3; round++) {
            try (Application application = Application.start(scene.database())) {
                orders = application.orders(200, "of round " + round).orders();
                application.run("pragma wal_checkpoint(truncate)");
            }
            runOnce(scene, 0);
            assertRestores(scene, orders);
        }
        Scene.deleteTree(scene.metaFolder());
        runOnce(scene, 0);
        assertRestores(scene, orders);
    }

    @Test
    void aSnapshotIsMadeWhenAskedForAndRetentionThenLeavesTheNewest() throws Exception {
        Scene scene = new Scene(folder);
        try (Application application = Application.start(scene.database()).order("before")) {
            runOnce(scene, 0, "-force-snapshot");
            application.order("after");
            runOnce(scene, 0, "-force-snapshot");
            long newest = scene.replica().newestTxid();
            assertThat(baselines(scene)).hasSizeGreaterThan(1).contains(newest);
            runOnce(scene, 0, "-enforce-retention");
            assertThat(baselines(scene)).containsExactly(newest);
            assertRestores(scene, application);
        }
    }

    @Test
    void theConfigurationIsReadFromStandardInput() throws Exception {
        Scene scene = new Scene(folder);
        try (Application application = Application.start(scene.database()).orders(3, "some");
                Child once = Child.start(RunnelCommand.of("replicate", "-once", "-config", "-"), Map.of())) {
            once.send("dbs: [{path: '" + scene.database() + "', replica: {path: '" + scene.replicaFolder() + "'}}]");
            once.endInput();
            assertThat(once.awaitExit(LIMIT)).as(once.transcript()).isZero();
            assertRestores(scene, application);
        }
    }

    @Test
    void aDatabaseThatIsNotThereIsAFailure() throws IOException {
        String log = runOnce(new Scene(folder), 1);
        assertThat(log).contains("not everything is at the replica").contains("app.db");
    }

    private String runOnce(Scene scene, int exit, String... flags) throws IOException {
        Path config = folder.resolve("runnel.yml");
        Files.writeString(config, """
                snapshot: {retention: 1ms}
                dbs:
                  - path: %s
                    replica: {path: %s}
                """.formatted(scene.database(), scene.replicaFolder()));
        List<String> arguments = new ArrayList<>(List.of("replicate", "-once", "-config", config.toString()));
        arguments.addAll(List.of(flags));
        return RunnelCommand.run(LIMIT, exit, arguments.toArray(String[]::new));
    }

    private static List<Long> baselines(Scene scene) {
        return scene.replica().entries().stream()
                .filter(file -> file.level() == 9)
                .map(ReplicaOracle.Entry::maxTxid)
                .toList();
    }

    private void assertRestores(Scene scene, Application application) throws Exception {
        assertRestores(scene, application.orders());
    }

    private void assertRestores(Scene scene, List<String> orders) throws Exception {
        ReplicaOracle replica = scene.replica();
        Path restored = replica.imageAt(replica.newestTxid()).writeTo(folder.resolve("restored.db"));
        assertThat(Application.ordersIn(restored)).isEqualTo(orders);
    }
}

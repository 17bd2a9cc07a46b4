package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.process.Child;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What systemd is told, at a socket with a path and at one in the abstract namespace. */
class ServiceManagerTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "@runnel-test-"})
    void itIsReadyAliveAndStopping(String abstractName) throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "skipped: no systemd here");
        String address = abstractName.isEmpty()
                ? folder.resolve("notify").toString()
                : abstractName + ProcessHandle.current().pid();
        Scene scene = new Scene(folder);
        try (NotifySocket systemd = new NotifySocket(address);
                Application application = Application.start(scene.database());
                Child runnel = Child.start(
                        RunnelCommand.of(
                                "replicate", scene.database().toString(), RunnelCommand.url(scene.replicaFolder())),
                        Map.of("NOTIFY_SOCKET", address))) {
            application.order("one");
            Await.until("it is ready", LIMIT, () -> systemd.received().contains("READY=1"));
            Await.until("it is alive", LIMIT, () -> systemd.received().contains("WATCHDOG=1"));
            Await.until("it says how it is", LIMIT, () -> systemd.received().contains("STATUS=1 database, 1 healthy"));
            assertThat(systemd.received()).doesNotContain("STOPPING=1");
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
            List<String> all = systemd.received();
            assertThat(all.getLast()).isEqualTo("STOPPING=1");
            assertThat(all).filteredOn("READY=1"::equals).hasSize(1);
        }
    }
}

package dev.runnel.cli.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.runnel.platform.Clock;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.process.IgnoredSignals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An application as a child process: its start, its signals, its end. */
class ApplicationTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration FOR_EVER = Duration.ofHours(1);
    private static final ProcessSignal TERM = ProcessSignal.of("TERM");

    /** Shells handle a signal between two commands. */
    private static final String RUN = " > ready; while :; do sleep 0.02; done";

    @TempDir
    Path folder;

    private Application application = application(FOR_EVER, "true");

    @AfterEach
    void kill() throws IOException {
        application.end(TERM);
        application.end(TERM);
        application.close();
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 7, 7", "kill -TERM $$, 143", "kill -KILL $$, 137"})
    void itsStatusIsThatOfAShell(String script, int status) throws Exception {
        start(FOR_EVER, script);
        assertThat(application.awaitEnd(LIMIT)).isTrue();
        assertThat(application.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP", "USR1", "USR2"})
    void signalsArePassedOn(String name) throws Exception {
        assumeFalse(
                IgnoredSignals.contains(ProcessSignal.of(name).number()),
                "skipped: this process ignores SIG" + name
                        + " (in the background of a shell, for example), and a shell that"
                        + " it starts cannot listen to it");
        startAndAwait(FOR_EVER, "trap 'exit 5' " + name + ";");
        application.pass(ProcessSignal.of(name));
        assertThat(application.awaitEnd(LIMIT)).isTrue();
        assertThat(application.status()).isEqualTo(5);
    }

    @Test
    void oneThatEndsInTimeIsNotKilled() throws Exception {
        startAndAwait(LIMIT, "trap 'sleep 0.2; exit 6' TERM;");
        assertThat(application.end(TERM)).isTrue();
        awaitEnd();
        assertThat(application.status()).isEqualTo(6);
    }

    @Test
    void oneThatIgnoresTheSignalIsKilledAfterTheLimit() throws Exception {
        startAndAwait(Duration.ofMillis(200), "trap '' TERM;");
        assertThat(application.end(TERM)).isTrue();
        awaitEnd();
        assertThat(application.status()).isEqualTo(137);
    }

    @Test
    void aSecondSignalKillsItAndAThirdIsNotForIt() throws Exception {
        startAndAwait(FOR_EVER, "trap '' TERM;");
        assertThat(application.end(TERM)).isTrue();
        assertThat(application.awaitEnd(Duration.ofMillis(100))).isFalse();
        assertThat(application.end(TERM)).isTrue();
        assertThat(application.end(TERM)).isFalse();
        awaitEnd();
        assertThat(application.status()).isEqualTo(137);
    }

    @Test
    void aSignalBeforeTheStartKeepsItFromBeingStarted() throws Exception {
        application = application(FOR_EVER, "> ready");
        assertThat(application.awaitEnd(Duration.ofMillis(1))).isFalse();
        assertThat(application.end(TERM)).isFalse();
        application.start();
        assertThat(application.awaitEnd(LIMIT)).isTrue();
        assertThat(application.status()).isZero();
        assertThat(folder.resolve("ready")).doesNotExist();
    }

    @Test
    void aProgramThatIsNotThereHasTheStatusOfAShell() throws Exception {
        assertThat(statusOf("no-such-program-anywhere")).isEqualTo(127);
        assertThat(statusOf(folder.resolve("nothing").toString())).isEqualTo(127);
    }

    @Test
    void aProgramThatCannotBeExecutedHasTheStatusOfAShell() throws Exception {
        assertThat(statusOf(Files.writeString(folder.resolve("text"), "text").toString()))
                .isEqualTo(126);
        assertThat(statusOf(folder.toString())).isEqualTo(126);
    }

    @Test
    void closedItEnds() throws Exception {
        startAndAwait(FOR_EVER, "");
        application.close();
        assertThat(application.status()).isEqualTo(143);
    }

    private int statusOf(String program) throws InterruptedException {
        application = new Application(new CommandLine(List.of(program, "argument")), FOR_EVER, Clock.system());
        application.start();
        assertThat(application.awaitEnd(LIMIT)).isTrue();
        return application.status();
    }

    private void startAndAwait(Duration patience, String traps) {
        start(patience, traps + RUN);
        Await.until("the application is ready", LIMIT, () -> Files.exists(folder.resolve("ready")));
    }

    private void start(Duration patience, String script) {
        application = application(patience, script);
        application.start();
    }

    private Application application(Duration patience, String script) {
        return new Application(
                new CommandLine(List.of("sh", "-c", "cd '" + folder + "'; " + script)), patience, Clock.system());
    }

    private void awaitEnd() {
        Await.until("the application has ended", LIMIT, () -> application.awaitEnd(Duration.ofMillis(10)));
    }
}

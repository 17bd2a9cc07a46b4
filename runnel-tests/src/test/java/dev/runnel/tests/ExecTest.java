package dev.runnel.tests;

import static dev.runnel.tests.SupervisedProgram.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.IgnoredSignals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code replicate -exec}: the application is a child of Runnel, which ends after it, with everything at the replica. */
@Tag("slow")
class ExecTest {
    private static final Pattern READY = Pattern.compile("^ready");
    private static final int SIGHUP = 1;
    private static final int SIGINT = 2;

    /** Shells handle a signal between two commands. */
    private static final String RUN = "echo ready\nwhile :; do sleep 0.05; done\n";

    private static final String WRITE = "sqlite3 \"$DB\" 'insert into t values(100)'";

    @TempDir
    Path folder;

    private SupervisedProgram program = new SupervisedProgram(Path.of(""));

    @BeforeEach
    void createDatabase() throws Exception {
        program = new SupervisedProgram(folder);
        program.createDatabase(3);
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 7, 7", "kill -KILL $$, 137", "kill -TERM $$, 143"})
    void i60WhatItWroteLastIsAtTheReplicaAndItsStatusIsThatOfRunnel(String end, int status) throws Exception {
        try (Child runnel = program.start(WRITE + "\n" + end)) {
            SupervisedProgram.awaitExit(runnel, status);
            assertThat(runnel.transcript())
                    .containsSubsequence(
                            "initialized db",
                            "application started",
                            "application ended",
                            "status=" + status,
                            "everything is at the replicas");
        }
        assertThat(program.restoredRows()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void i60ASignalIsForTheApplicationFirst(String signal) throws Exception {
        assumeFalse(signal.equals("INT") && IgnoredSignals.contains(SIGINT), "skipped: this process ignores SIGINT");
        String trap = "trap '%s; echo got $FOLDER; exit 9' %s\n".formatted(WRITE.replace("'", "\""), signal);
        try (Child runnel = program.start(trap + RUN)) {
            runnel.awaitLine(READY, LIMIT);
            runnel.signal(signal);
            runnel.awaitLine(Pattern.compile("^got " + folder), LIMIT);
            SupervisedProgram.awaitExit(runnel, 9);
            assertThat(runnel.transcript()).contains("SIG" + signal + " is passed to the application");
        }
        assertThat(program.restoredRows()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "USR1", "USR2"})
    void othersArePassedOnAndEndNothing(String signal) throws Exception {
        assumeFalse(signal.equals("HUP") && IgnoredSignals.contains(SIGHUP), "skipped: this process ignores SIGHUP");
        try (Child runnel = program.start("trap 'echo got it' " + signal + "\ntrap 'exit 0' TERM\n" + RUN)) {
            runnel.awaitLine(READY, LIMIT);
            runnel.signal(signal);
            runnel.awaitLine(Pattern.compile("^got it"), LIMIT);
            assertThat(runnel.stop(LIMIT)).as(runnel.transcript()).isZero();
        }
    }

    @Test
    void i60ASecondSignalKillsTheApplicationAndTheLastSyncIsDone() throws Exception {
        try (Child runnel = program.start(WRITE + "\ntrap 'echo no' TERM\n" + RUN)) {
            runnel.awaitLine(READY, LIMIT);
            runnel.signal("TERM");
            runnel.awaitLine(Pattern.compile("^no"), LIMIT);
            assertThat(runnel.isAlive()).isTrue();
            runnel.signal("TERM");
            SupervisedProgram.awaitExit(runnel, 137);
            assertThat(runnel.transcript()).contains("the application is killed: a second signal");
        }
        assertThat(program.restoredRows()).isEqualTo(4);
    }

    @Test
    void i60IfItWasWellAndSomethingIsMissingTheStatusSaysSo() throws Exception {
        Files.writeString(folder.resolve("replica"), "in the way");
        try (Child runnel = program.start("exit 0")) {
            SupervisedProgram.awaitExit(runnel, 1);
            assertThat(runnel.transcript()).contains("not everything is at the replica");
        }
    }

    @Test
    void itHasTheInputOfRunnel() throws Exception {
        try (Child runnel = program.start("read line; echo \"read $line\"")) {
            runnel.send("from the input");
            runnel.awaitLine(Pattern.compile("^read from the input"), LIMIT);
            SupervisedProgram.awaitExit(runnel, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"/no/such/program, 127, there is no program /no/such/program", "/etc/passwd, 126, cannot be executed"})
    void oneThatCannotBeStartedEndsRunnelInOrder(String command, int status, String message) throws Exception {
        try (Child runnel = start("exec: " + command, RunnelCommand.url(folder.resolve("replica")))) {
            SupervisedProgram.awaitExit(runnel, status);
            assertThat(runnel.transcript()).contains("the application is not started", message);
        }
        assertThat(program.restoredRows()).isEqualTo(3);
    }

    @Test
    void theFlagComesBeforeTheKey() throws Exception {
        try (Child runnel = start(
                "exec: sh -c 'exit 3'", RunnelCommand.url(folder.resolve("replica")), "-exec", "sh -c 'exit 4'")) {
            SupervisedProgram.awaitExit(runnel, 4);
        }
    }

    @Test
    void aReplicaThatDoesNotRespondKeepsItDownForALimitedTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Child runnel = start(
                        "exec: sh -c 'echo ready; exec sleep 1000'\nshutdown-sync-timeout: 100ms",
                        "s3://bkt/app?region=us-east-1&endpoint=http://127.0.0.1:" + silent.getLocalPort())) {
            runnel.awaitLine(Pattern.compile("not followed yet after 10 s: .*app\\.db"), LIMIT);
            runnel.awaitLine(READY, LIMIT);
            runnel.signal("TERM");
            SupervisedProgram.awaitExit(runnel, 143);
        }
    }

    @Test
    void aSignalBeforeItIsStartedKeepsItFromBeingStarted() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Child runnel = start(
                        "exec: touch " + folder.resolve("started") + "\nshutdown-sync-timeout: 100ms",
                        "s3://bkt/app?region=us-east-1&endpoint=http://127.0.0.1:" + silent.getLocalPort())) {
            runnel.awaitLine(Pattern.compile("initialized db"), LIMIT);
            runnel.signal("TERM");
            SupervisedProgram.awaitExit(runnel, 1);
            assertThat(runnel.transcript()).doesNotContain("application started", "does not wait");
        }
        assertThat(folder.resolve("started")).doesNotExist();
    }

    @Test
    void noDatabaseThatCanBeFollowedIsNoReasonToEndIt() throws Exception {
        try (ProgramEngine first = ProgramEngine.start(program.database(), program.file("other"))
                        .awaitHistory();
                Child runnel = program.start("sleep 3\necho still here\nexit 0")) {
            runnel.awaitLine(Pattern.compile("level=ERROR.*stopped"), LIMIT);
            runnel.awaitLine(Pattern.compile("^still here"), LIMIT);
            SupervisedProgram.awaitExit(runnel, 1);
            first.assertAlive();
        }
    }

    @Test
    void onceWithAnApplicationOfTheConfigurationIsRefused() throws Exception {
        try (Child runnel = start("exec: app", RunnelCommand.url(folder.resolve("replica")), "-once")) {
            SupervisedProgram.awaitExit(runnel, 1);
            assertThat(runnel.transcript()).contains("cannot specify -once flag with -exec");
        }
    }

    private Child start(String top, String url, String... flags) throws IOException {
        Path config = Files.writeString(
                folder.resolve("runnel.yml"),
                "%s\ndbs: [{path: %s, replica: {url: \"%s\"}}]\n".formatted(top, program.database(), url));
        String[] arguments = new String[flags.length + 3];
        arguments[0] = "replicate";
        arguments[1] = "-config";
        arguments[2] = config.toString();
        System.arraycopy(flags, 0, arguments, 3, flags.length);
        return Child.start(RunnelCommand.of(arguments), Map.of("AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s"));
    }
}

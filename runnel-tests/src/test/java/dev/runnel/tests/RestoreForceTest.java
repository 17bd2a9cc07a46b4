package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code restore -force} over a database that somebody may be using. */
@Tag("slow")
class RestoreForceTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private Path output = Path.of("");
    private Path replica = Path.of("");

    @BeforeEach
    void aReplicaOfSevenRowsAndADatabaseOfFortyRows() throws SqlFailure {
        replica = folder.resolve("replica");
        Path source = folder.resolve("source.db");
        make(source, 7, "wal");
        assertThat(run("replicate", "-once", source.toString(), RunnelCommand.url(replica))
                        .exit())
                .isZero();
        output = folder.resolve("app.db");
    }

    private record Ended(int exit, String output) {}

    private static Ended run(String... arguments) {
        try (Child child = Child.start(RunnelCommand.of(arguments), Map.of())) {
            int exit = child.awaitExit(LIMIT);
            return new Ended(exit, child.transcript());
        }
    }

    private Ended force(Path to, String... more) {
        List<String> arguments = new ArrayList<>(List.of("restore", "-force"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("-o", to.toString(), RunnelCommand.url(replica)));
        return run(arguments.toArray(String[]::new));
    }

    private static void make(Path database, int rows, String mode) throws SqlFailure {
        try (JdbcSession session = JdbcSession.open(database)) {
            session.run(
                    "pragma journal_mode=" + mode,
                    "create table t(x)",
                    "with recursive n(i) as (select 1 union all select i + 1 from n where i < " + rows
                            + ") insert into t select i from n");
        }
    }

    private static String rows(Path database) throws SqlFailure {
        try (JdbcSession session = JdbcSession.open(database)) {
            return session.rows("select count(*) from t").getFirst();
        }
    }

    private List<String> namesBesideTheDatabase() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("app.db"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void i51AnApplicationWithAnIdleConnectionIsNotPulledTheFileFromUnder(String mode) throws IOException, SqlFailure {
        ShellSession.assumeProgram();
        make(output, 40, mode);
        try (ShellSession application = ShellSession.open(output)) {
            assertThat(application.rows("select count(*) from t")).containsExactly("40");
            List<String> before = namesBesideTheDatabase();

            Ended refused = force(output);

            assertThat(refused.exit()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output())
                    .contains("is open in process")
                    .contains("(sqlite3)")
                    .contains("Stop that process");
            assertThat(namesBesideTheDatabase()).isEqualTo(before);
            application.run("insert into t values(41)");
        }
        assertThat(rows(output)).isEqualTo("41");

        Ended allowed = force(output);

        assertThat(allowed.exit()).as(allowed.output()).isZero();
        assertThat(rows(output)).isEqualTo("7");
        assertThat(namesBesideTheDatabase()).containsExactly("app.db");
    }

    @Test
    void i51ADatabaseThatAnotherRunnelFollowsIsNotReplaced() throws SqlFailure {
        make(output, 40, "wal");
        try (ProgramEngine engine =
                ProgramEngine.start(output, folder.resolve("other")).awaitHistory()) {
            Ended refused = force(output);

            assertThat(refused.exit()).as(refused.output()).isEqualTo(1);
            assertThat(refused.output()).contains("is followed by another Runnel, process ");
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        assertThat(rows(output)).isEqualTo("40");
    }

    @Test
    void i51WhatAKilledApplicationLeftInTheWalIsReplacedWithTheDatabaseAndNotApplied() throws IOException, SqlFailure {
        ShellSession.assumeProgram();
        make(output, 40, "wal");
        try (ShellSession application = ShellSession.open(output)) {
            application.run("insert into t values(41)");
            application.kill();
        }
        assertThat(namesBesideTheDatabase()).contains("app.db-wal");

        Ended ended = force(output);

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(namesBesideTheDatabase()).containsExactly("app.db");
        assertThat(rows(output)).isEqualTo("7");
    }

    @Test
    void i51AFileThatIsMountedIsReplacedWhereItIs() throws IOException, SqlFailure {
        assumeTrue(isRoot() && Files.isExecutable(Path.of("/usr/bin/unshare")), "skipped: needs root and unshare");
        Path host = Files.createDirectory(folder.resolve("host")).resolve("app.db");
        make(host, 40, "wal");
        Files.createFile(output);
        List<String> restore =
                RunnelCommand.of("restore", "-force", "-o", output.toString(), RunnelCommand.url(replica));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"",
                "sh",
                host.toString(),
                output.toString()));
        command.addAll(restore);
        long inode = (long) Files.getAttribute(host, "unix:ino");

        try (Child child = Child.start(command, Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.transcript()).isZero();
        }

        assertThat(rows(host)).isEqualTo("7");
        assertThat(Files.getAttribute(host, "unix:ino")).isEqualTo(inode);
        assertThat(namesBesideTheDatabase()).containsExactly("app.db");
    }

    @Test
    void i51TheDatabaseBehindALinkIsReplacedAndKeepsItsOwner() throws IOException, SqlFailure {
        Path volume = Files.createDirectory(folder.resolve("volume"));
        make(volume.resolve("real.db"), 40, "wal");
        Files.setPosixFilePermissions(volume.resolve("real.db"), PosixFilePermissions.fromString("rw-rw----"));
        if (isRoot()) {
            Files.setAttribute(volume.resolve("real.db"), "unix:uid", 1234);
        }
        Files.createSymbolicLink(output, Path.of("volume/real.db"));

        Ended ended = force(output);

        assertThat(ended.exit()).as(ended.output()).isZero();
        assertThat(output).isSymbolicLink();
        assertThat(rows(volume.resolve("real.db"))).isEqualTo("7");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(volume.resolve("real.db"))))
                .isEqualTo("rw-rw----");
        assertThat(Files.getAttribute(volume.resolve("real.db"), "unix:uid")).isEqualTo(isRoot() ? 1234 : me());
    }

    @Test
    void rootIsToldHowToHandANewDatabaseOverAndTheFlagDoesIt() throws IOException {
        assumeTrue(isRoot(), "skipped: needs root");
        Path volume = Files.createDirectory(folder.resolve("volume"));
        Files.setAttribute(volume, "unix:uid", 1234);

        Ended told = force(volume.resolve("a.db"));
        Ended given = force(volume.resolve("new/b.db"), "-owner", "1234:1235");

        assertThat(told.exit()).as(told.output()).isZero();
        assertThat(told.output()).contains("belongs to root").contains("-owner 1234");
        assertThat(given.exit()).as(given.output()).isZero();
        assertThat(given.output()).doesNotContain("warning");
        assertThat(Files.getAttribute(volume.resolve("new"), "unix:uid")).isEqualTo(1234);
        assertThat(Files.getAttribute(volume.resolve("new/b.db"), "unix:uid")).isEqualTo(1234);
        assertThat(Files.getAttribute(volume.resolve("new/b.db"), "unix:gid")).isEqualTo(1235);
    }

    @Test
    void anOwnerThatThisMachineDoesNotKnowChangesNothing() throws SqlFailure {
        make(output, 40, "wal");

        Ended refused = force(output, "-owner", "nobody-of-that-name");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.output()).contains("no such user or group");
        assertThat(rows(output)).isEqualTo("40");
    }

    private boolean isRoot() throws IOException {
        return me() == 0;
    }

    private int me() throws IOException {
        return (int) Files.getAttribute(folder, "unix:uid");
    }
}

package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A folder with a database, a replica of it, and an application that Runnel runs as its child: a script of a shell. */
final class SupervisedProgram {
    static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path folder;
    private final Path database;
    private final Path replica;

    SupervisedProgram(Path folder) {
        this.folder = folder;
        this.database = folder.resolve("app.db");
        this.replica = folder.resolve("replica");
    }

    Path database() {
        return database;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Makes the database with some rows. */
    void createDatabase(int rows) throws SqlFailure {
        try (JdbcSession session = JdbcSession.open(database)) {
            session.run("pragma journal_mode=wal", "create table t(x)");
            for (int row = 0; row < rows; row++) {
                session.run("insert into t values(" + row + ")");
            }
        }
    }

    /** Starts Runnel with a script, in which {@code $DB} is the database and {@code $FOLDER} the folder. */
    Child start(String script, String... flags) throws IOException {
        return start(UnaryOperator.identity(), script, flags);
    }

    /** The same, by another program that runs the command it is given. */
    Child start(UnaryOperator<List<String>> wrapper, String script, String... flags) throws IOException {
        ShellSession.assumeProgram();
        Path file = Files.writeString(folder.resolve("app.sh"), script);
        List<String> arguments = new ArrayList<>(List.of("replicate", "-exec", "sh '" + file + "'"));
        arguments.addAll(List.of(flags));
        arguments.addAll(List.of(database.toString(), RunnelCommand.url(replica)));
        return Child.start(
                wrapper.apply(RunnelCommand.of(arguments.toArray(String[]::new))),
                Map.of("DB", database.toString(), "FOLDER", folder.toString()));
    }

    /** How many rows a restore of the newest state has. */
    long restoredRows() throws SqlFailure {
        Path restored = new Restores(replica, folder).latest();
        try (JdbcSession session = JdbcSession.open(restored)) {
            return Long.parseLong(session.rows("select count(*) from t").getFirst());
        } finally {
            Restores.discard(restored);
        }
    }

    /** Waits for the end of Runnel, which is to have this exit status. */
    static void awaitExit(Child runnel, int status) {
        int found = runnel.awaitExit(LIMIT);
        assertThat(found).as(runnel.transcript()).isEqualTo(status);
    }
}

package dev.runnel.cli.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Runs the commands once, in a folder of their own, so that Java can archive the classes they load. */
final class Rehearsal {
    private final Stage stage;

    Rehearsal(Stage stage) {
        this.stage = stage;
    }

    void run(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path database = folder.resolve("app.db");
        Path replica = folder.resolve("replica");
        create(database);
        stage.follow(database, replica);
        stage.run(List.of("restore", "-o", folder.resolve("copy.db").toString(), replica.toString()));
        stage.run(List.of("restore", "-dry-run", "-json", "-o", "none.db", replica.toString()));
        stage.run(List.of("ltx", "-level", "all", replica.toString()));
        stage.run(List.of("ltx", "-json", replica.toString()));
        Path config = folder.resolve("runnel.yml");
        Files.writeString(config, "dbs: [{path: %s, replica: {path: %s}}]%n".formatted(database, replica));
        stage.run(List.of("databases", "-config", config.toString()));
        stage.run(List.of("version"));
        stage.run(List.of("help"));
    }

    private static void create(Path database) throws IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = wal");
            statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)");
            statement.execute("INSERT INTO t (v) VALUES (hex(randomblob(20000)))");
        } catch (SQLException e) {
            throw new IOException(database + ": " + e.getMessage(), e);
        }
    }
}

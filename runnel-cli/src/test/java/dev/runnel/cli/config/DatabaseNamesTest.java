package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.location.FolderLocation;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database is found in the configuration by every name that leads to the same file, also when the file is lost. */
class DatabaseNamesTest {
    @TempDir
    private Path folder;

    private Path release;
    private Path current;

    @BeforeEach
    void makeRelease() throws IOException {
        release = Files.createDirectories(folder.resolve("releases/1"));
        Files.createDirectory(release.resolve("db"));
        current = Files.createSymbolicLink(folder.resolve("current"), release);
    }

    @Test
    void i49ARelativePathBelowALinkedFolderIsFound() throws IOException {
        Config config = configOf(current.resolve("db/app.db"));
        Path typed = new Locations(release, folder, Map.of()).database("db/app.db");
        assertThat(config.database(typed)).as("the file is lost").isPresent();
        Files.createFile(release.resolve("db/app.db"));
        assertThat(config.database(typed).orElseThrow().path())
                .as("its configured name")
                .isEqualTo(current.resolve("db/app.db"));
        assertThat(config.database(release.resolve("db/other.db"))).isEmpty();
    }

    @Test
    void i49ALinkAndItsTargetAreOneDatabase() throws IOException {
        Path target = release.resolve("app.db");
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), Path.of("releases/1/app.db"));
        assertThat(configOf(link).database(target)).as("the target is lost").isPresent();
        Files.createFile(target);
        assertThat(configOf(link).database(target)).isPresent();
        assertThat(configOf(target).database(link)).isPresent();
    }

    @Test
    void i49LinksThatLeadInACircleEnd() throws IOException {
        Path one = folder.resolve("one.db");
        Path two = Files.createSymbolicLink(folder.resolve("two.db"), one);
        Files.createSymbolicLink(one, two);
        assertThat(configOf(one).database(one)).isPresent();
        assertThat(configOf(one).database(release.resolve("app.db"))).isEmpty();
    }

    @Test
    void i49AComposedNameIsNotTheDecomposedOne() {
        assertThat(configOf(folder.resolve("donne\u0301es.db")).database(folder.resolve("donn\u00e9es.db")))
                .isEmpty();
    }

    private static Config configOf(Path database) {
        return Config.of(DatabaseConfig.of(database, List.of(new FolderLocation(Path.of("/backup")))));
    }
}

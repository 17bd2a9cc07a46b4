package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Locations;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of databases in a configuration file. */
class FolderKeysTest {
    @TempDir
    Path folder;

    private Path data = Path.of("");

    @BeforeEach
    void makeDatabases() throws IOException, SqlFailure {
        data = Files.createDirectories(folder.resolve("data/below")).resolveSibling("");
        for (String name : List.of("a.db", "below/b.db", "c.sqlite")) {
            try (SqlSession session = JdbcSession.open(data.resolve(name))) {
                session.run("create table t(x)");
            }
        }
    }

    @Test
    void eachDatabaseHasItsPlaceBelowThatOfTheFolder() throws IOException {
        List<DatabaseConfig> found = read("recursive: true", "url: \"s3://bucket/backup?region=eu-1\"")
                .databases();
        assertThat(found)
                .extracting(DatabaseConfig::path)
                .containsExactly(data.resolve("a.db"), data.resolve("below/b.db"));
        assertThat(found)
                .extracting(
                        database -> database.replicas().getFirst().location().display())
                .containsExactly("s3://bucket/backup/a.db", "s3://bucket/backup/below/b.db");
        assertThat(found)
                .extracting(DatabaseConfig::metaFolder)
                .containsExactly(data.resolve(".a.db-runnel"), data.resolve("below/.b.db-runnel"));
    }

    @ParameterizedTest
    @CsvSource({"meta-path, .a.db-runnel, below/.b.db-runnel", "meta-dir, a.db-runnel, below/b.db-runnel"})
    void metaFoldersMayBeElsewhere(String key, String first, String second) throws IOException {
        Path meta = folder.resolve("meta");
        assertThat(read("recursive: true, " + key + ": " + meta, "path: /backup")
                        .databases())
                .extracting(DatabaseConfig::metaFolder)
                .containsExactly(meta.resolve(first), meta.resolve(second));
    }

    @Test
    void aDatabaseWithAnEntryOfItsOwnIsNotTakenFromTheFolder() throws IOException {
        String text = """
                dbs:
                  - {dir: %s, pattern: "*.db", replica: {path: /backup}}
                  - {path: %s, replica: {path: /elsewhere}}
                """.formatted(data, data.resolve("a.db"));
        assertThat(read(text).databases())
                .singleElement()
                .satisfies(database -> assertThat(
                                database.replicas().getFirst().location().display())
                        .isEqualTo("/elsewhere"));
    }

    @Test
    void aDatabaseThatIsGoneCanStillBeNamed() throws IOException {
        Config config = read("recursive: false", "path: /backup");
        assertThat(config.database(data.resolve("gone.db")))
                .hasValueSatisfying(database -> assertThat(
                                database.replicas().getFirst().location().display())
                        .isEqualTo("/backup/gone.db"));
        assertThat(config.database(data.resolve("below/gone.db"))).isEmpty();
        assertThat(config.database(data.resolve("gone.sqlite"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            dir: DATA                                                    | 'pattern' is required when using 'dir'
            dir: DATA, pattern: "[a"                                     | ends too early
            dir: DATA/none, pattern: "*"                                 | dbs[0].dir: cannot be read
            dir: DATA, path: DATA/a.db, pattern: "*"                     | dbs[0].dir: "path" is also set; keep one of the two
            path: DATA/a.db, pattern: "*"                                | dbs[0].pattern: only for a folder
            path: DATA/a.db, recursive: true                             | dbs[0].recursive: only for a folder
            path: DATA/a.db, watch: true                                 | dbs[0].watch: only for a folder
            path: DATA/a.db, meta-dir: /m                                | dbs[0].meta-dir: only for a folder
            dir: DATA, pattern: "*", meta-dir: /m, meta-path: /n         | cannot specify both 'meta-path' and 'meta-dir'
            """)
    void whatIsWrongIsReported(String keys, String expected) throws IOException {
        Path file = write("dbs: [{%s, replica: {path: /backup}}]".formatted(keys.replace("DATA", data.toString())));
        assertThat(catchThrowableOfType(ConfigException.class, () -> config().read(file, Expansion.EXPAND)))
                .hasMessageContaining(expected);
    }

    @Test
    void aPlaceThatIsTakenIsReported() throws IOException {
        Path file = write("""
                dbs:
                  - {path: /other.db, replica: {path: /backup/a.db}}
                  - {dir: %s, pattern: "*.db", replica: {path: /backup}}
                """.formatted(data));
        assertThat(catchThrowableOfType(ConfigException.class, () -> config().read(file, Expansion.EXPAND)))
                .hasMessageContaining("dbs[1]: dbs[0].replica has the same location already: /backup/a.db");
    }

    private Config read(String keys, String replica) throws IOException {
        return read("dbs: [{dir: %s, pattern: \"*.db\", %s, replica: {%s}}]".formatted(data, keys, replica));
    }

    private Config read(String text) throws IOException {
        return config().read(write(text), Expansion.EXPAND);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("runnel.yml"), text);
    }

    private ConfigFile config() {
        return new ConfigFile(Map.of(), new Locations(folder, folder, Map.of()));
    }
}

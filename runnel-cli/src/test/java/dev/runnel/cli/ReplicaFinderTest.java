package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.cli.ReplicaFinder.Unknown;
import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.location.FolderLocation;
import dev.runnel.setup.ReplicaConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaFinderTest {
    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void writeConfig() throws IOException {
        config = folder.resolve("runnel.yml");
        Files.writeString(config, "dbs: [{path: app.db, replica: {path: backup}}]\n");
    }

    @Test
    void aUrlIsAReplica() throws IOException {
        assertThat(find("file:///backup/app", Unknown.DATABASE))
                .isEqualTo(new ReplicaSource(
                        "file:///backup/app",
                        List.of(ReplicaConfig.at(new FolderLocation(Path.of("/backup/app")))),
                        Optional.empty(),
                        Optional.empty(),
                        LogConfig.DEFAULT));
    }

    @Test
    void aFolderIsAReplicaWithoutAnyConfiguration() throws IOException {
        Files.createDirectory(folder.resolve("elsewhere"));
        Files.delete(config);
        assertThat(find("elsewhere", Unknown.DATABASE).replicas())
                .containsExactly(ReplicaConfig.at(new FolderLocation(folder.resolve("elsewhere"))));
    }

    @Test
    void anotherPathIsADatabaseOfTheConfiguration() throws IOException {
        for (String path : List.of(
                "app.db",
                "./app.db",
                "sqlite://app.db",
                folder.resolve("app.db").toString())) {
            ReplicaSource source = find(path, Unknown.EMPTY_FOLDER);
            assertThat(source.replicas())
                    .containsExactly(ReplicaConfig.at(new FolderLocation(folder.resolve("backup"))));
            assertThat(source.database()).contains(folder.resolve("app.db"));
        }
    }

    @Test
    void withAnOutputAPathThatIsNowhereIsAReplicaWithoutFiles() throws IOException {
        assertThat(find("not-yet", Unknown.EMPTY_FOLDER).replicas())
                .containsExactly(ReplicaConfig.at(new FolderLocation(folder.resolve("not-yet"))));
        assertThatThrownBy(() -> find("not-yet", Unknown.DATABASE))
                .hasMessage("database not found in config: " + folder.resolve("not-yet"));
    }

    @Test
    void aFileThatIsNotInTheConfigurationIsNoReplica() throws IOException {
        Files.createFile(folder.resolve("other.db"));
        assertThatThrownBy(() -> find("other.db", Unknown.EMPTY_FOLDER))
                .hasMessage("database not found in config: " + folder.resolve("other.db"));
    }

    @Test
    void withConfigAPathIsAlwaysADatabase() throws IOException {
        Files.createDirectory(folder.resolve("elsewhere"));
        assertThatThrownBy(() -> find("elsewhere", Unknown.EMPTY_FOLDER, "-config", "runnel.yml"))
                .hasMessage("database not found in config: " + folder.resolve("elsewhere"));
        assertThatThrownBy(() -> find("file:///backup/app", Unknown.DATABASE, "-config", "runnel.yml"))
                .hasMessage("cannot specify a replica URL and the -config flag");
    }

    @Test
    void withoutConfigurationTheErrorSaysWhatElseToName() throws IOException {
        Files.delete(config);
        assertThatThrownBy(() -> find("app.db", Unknown.DATABASE)).hasMessage("config file not found: " + config);
    }

    private ReplicaSource find(String operand, Unknown unknown, String... arguments) throws IOException {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                nowhere,
                nowhere,
                Terminal.Reader.PROGRAM,
                Terminal.Reader.PROGRAM,
                Map.of("RUNNEL_CONFIG", config.toString()),
                folder,
                folder);
        FlagSet flags = new FlagSet("runnel test", "REPLICA");
        ConfigFlags configFlags = new ConfigFlags(flags, terminal);
        assertThat(flags.parse(List.of(arguments))).contains(List.of());
        return new ReplicaFinder(configFlags).find(operand, unknown);
    }
}

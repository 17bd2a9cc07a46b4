package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.capture.AttachRules.FileSystems;
import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a database on a file system of another machine is followed is for the operator to say. */
class FileSystemKeyTest {
    @TempDir
    private Path folder;

    @Test
    void i53ADatabaseOnANetworkFileSystemIsFollowedOnlyWhereTheConfigurationSaysSo() throws IOException {
        assertThat(fileSystems("")).containsExactly(FileSystems.LOCAL);
        assertThat(fileSystems("file-system: local")).containsExactly(FileSystems.LOCAL);
        assertThat(fileSystems("file-system: any")).containsExactly(FileSystems.ANY);
        assertThatThrownBy(() -> fileSystems("file-system: nfs")).hasMessageContaining("file-system");
    }

    private List<FileSystems> fileSystems(String line) throws IOException {
        Path file = Files.writeString(folder.resolve("runnel.yml"), """
                dbs:
                  - path: /data/app.db
                    replica: {path: /backup/app}
                    %s
                """.formatted(line));
        return new ConfigFile(Map.of(), new Locations(folder, folder, Map.of()))
                .read(file, Expansion.EXPAND).databases().stream()
                        .map(DatabaseConfig::fileSystems)
                        .toList();
    }
}

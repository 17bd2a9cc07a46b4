package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionTest {
    @TempDir
    private Path folder;

    @Test
    void theNumberIsThatOfTheBuild() throws IOException {
        String pom = Files.readString(Path.of(System.getProperty("runnel.project"), "pom.xml"));
        assertThat(pom).contains("<artifactId>runnel-parent</artifactId>\n  <version>" + Version.NUMBER + "</version>");
    }

    @Test
    void verboseHasTheLinesOfLitestream() {
        Outcome outcome = Outcome.of(List.of("version", "-verbose"), folder, Map.of());
        assertThat(outcome.stdout().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("Version:      " + Version.NUMBER),
                        line -> assertThat(line).isEqualTo("Java Version: " + Runtime.version()),
                        line -> assertThat(line).isEqualTo("Git Commit:   unknown"),
                        line -> assertThat(line).isEqualTo("Commit Time:  unknown"),
                        line -> assertThat(line).matches("OS/Arch:      \\S.*/\\S+"));
    }

    @Test
    void theCommitIsInTheArchive() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        Revision none = new Revision("unknown", "unknown");
        assertThat(Revision.of(archive(manifest))).isEqualTo(none);
        manifest.getMainAttributes().putValue("Git-Commit", "0123456789abcdef0123456789abcdef01234567 (dirty)");
        manifest.getMainAttributes().putValue("Git-Commit-Time", "2030-01-31T12:00:00Z");
        assertThat(Revision.of(archive(manifest)))
                .isEqualTo(new Revision("0123456789abcdef0123456789abcdef01234567 (dirty)", "2030-01-31T12:00:00Z"));
        assertThat(Revision.of(folder)).isEqualTo(none);
        assertThat(Revision.of(Files.writeString(folder.resolve("other"), "no archive")))
                .isEqualTo(none);
    }

    private Path archive(Manifest manifest) throws IOException {
        Path file = folder.resolve("program.jar");
        new JarOutputStream(Files.newOutputStream(file), manifest).close();
        return file;
    }
}

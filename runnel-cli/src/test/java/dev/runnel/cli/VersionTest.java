package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void theNumberIsThatOfTheBuild() throws IOException {
        String pom = Files.readString(Path.of(System.getProperty("runnel.project"), "pom.xml"));
        assertThat(pom).contains("<artifactId>runnel-parent</artifactId>\n  <version>" + Version.NUMBER + "</version>");
    }
}

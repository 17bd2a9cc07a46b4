package dev.runnel.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FaultTextTest {
    @Test
    void saysWhereAndWhatWithoutNamesOfJava() {
        assertThat(FaultText.of(new NoSuchFileException("/a/b"))).isEqualTo("no such file: /a/b");
        assertThat(FaultText.of(new AccessDeniedException("/a/b"))).isEqualTo("access denied: /a/b");
        assertThat(FaultText.of(new FileSystemException("/a/b", null, "No space left on device")))
                .isEqualTo("/a/b: No space left on device");
        assertThat(FaultText.of(new FileSystemException("/a/b"))).startsWith("/a/b: ");
        assertThat(FaultText.of(new IOException("Input/output error"))).isEqualTo("Input/output error");
        assertThat(FaultText.of(new IOException())).doesNotContain("Exception", "null");
    }
}

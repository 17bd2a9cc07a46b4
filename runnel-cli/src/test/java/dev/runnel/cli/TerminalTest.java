package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.cli.Terminal.Reader;
import dev.runnel.cli.config.LogConfig.Stream;
import dev.runnel.cli.logging.LogOutput;
import dev.runnel.cli.logging.LogOutput.Colours;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sees the log in colours. */
class TerminalTest {
    private final PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    private final PrintStream err = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

    @Test
    void aPersonSeesColoursAndAProgramDoesNot() {
        Terminal terminal = terminal(Reader.PERSON, Reader.PROGRAM, Map.of("TERM", "xterm", "NO_COLOR", ""));
        assertThat(terminal.log(Stream.STDOUT)).isEqualTo(new LogOutput(out, Colours.ANSI));
        assertThat(terminal.log(Stream.STDERR)).isEqualTo(new LogOutput(err, Colours.NONE));
        assertThat(terminal(Reader.PROGRAM, Reader.PERSON, Map.of())
                        .log(Stream.STDERR)
                        .colours())
                .isEqualTo(Colours.ANSI);
    }

    @ParameterizedTest
    @CsvSource({"NO_COLOR, 1", "NO_COLOR, anything", "TERM, dumb"})
    void theEnvironmentForbidsColours(String name, String value) {
        Terminal terminal = terminal(Reader.PERSON, Reader.PERSON, Map.of(name, value));
        assertThat(terminal.log(Stream.STDOUT).colours()).isEqualTo(Colours.NONE);
        assertThat(terminal.log(Stream.STDERR).colours()).isEqualTo(Colours.NONE);
    }

    private Terminal terminal(Reader outStream, Reader errorStream, Map<String, String> environment) {
        return new Terminal(
                InputStream.nullInputStream(),
                out,
                err,
                outStream,
                errorStream,
                environment,
                Path.of("/start"),
                Path.of("/home/me"));
    }
}

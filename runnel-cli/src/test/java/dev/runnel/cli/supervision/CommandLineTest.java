package dev.runnel.cli.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a line becomes a program and its arguments. */
class CommandLineTest {
    static Stream<Arguments> lines() {
        return Stream.of(
                line("app", "app"),
                line("app -port 8080", "app", "-port", "8080"),
                line("  app \t -v\n", "app", "-v"),
                line("app 'one word'", "app", "one word"),
                line("app \"one word\"", "app", "one word"),
                line("app \"it's\" 'say \"x\"'", "app", "it's", "say \"x\""),
                line("app one\\ word", "app", "one word"),
                line("app \\\"x\\\"", "app", "\"x\""),
                line("app \"a \\\" b\"", "app", "a \" b"),
                line("app 'a\\b'", "app", "a\\b"),
                line("app \"a\\\\b\"", "app", "a\\b"),
                line("app a\\nb \"a\\tb\"", "app", "a\nb", "a\tb"),
                line("app \"\" ''", "app", "", ""),
                line("app a\"b c\"'d e'f", "app", "ab cd ef"),
                line("app --a=\"b c\"", "app", "--a=b c"),
                line("app $HOME '$HOME' ~ * #x", "app", "$HOME", "$HOME", "~", "*", "#x"),
                line("sh -c 'a && b | c > d; (e) &'", "sh", "-c", "a && b | c > d; (e) &"),
                line("app a\\;b \"<>\"", "app", "a;b", "<>"),
                line("'/opt/my app/run' é", "/opt/my app/run", "é"));
    }

    private static Arguments line(String line, String... words) {
        return Arguments.of(line, List.of(words));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aLineIsSplitIntoWords(String line, List<String> words) {
        assertThat(CommandLine.parse(line).words()).isEqualTo(words);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("", "the command has no program"),
                Arguments.of(" \t", "the command has no program"),
                Arguments.of("app 'secret", "the quote ' at character 5 of the command does not end"),
                Arguments.of("app 'a' \"secret", "the quote \" at character 9 of the command does not end"),
                Arguments.of("app \"secret\\\"", "the quote \" at character 5 of the command does not end"),
                Arguments.of("app secret\\", "the command ends with a backslash at character 11"),
                Arguments.of("app secret; rm x", "the ; at character 11 of the command needs a shell"),
                Arguments.of("app && secret", "the & at character 5 of the command needs a shell"),
                Arguments.of("app | secret", "the | at character 5 of the command needs a shell"),
                Arguments.of("app 2>secret", "the > at character 6 of the command needs a shell"),
                Arguments.of("app <secret", "the < at character 5 of the command needs a shell"),
                Arguments.of("app $(secret)", "the ( at character 6 of the command needs a shell"),
                Arguments.of("app `secret`", "the ` at character 5 of the command needs a shell"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsWrongIsSaidWithItsPositionAndQuotesNothing(String line, String message) {
        assertThatThrownBy(() -> CommandLine.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("secret");
    }
}

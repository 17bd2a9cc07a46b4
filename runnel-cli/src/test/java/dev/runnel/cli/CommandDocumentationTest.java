package dev.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/commands.md} has each command with the flags that it has, and no others. */
class CommandDocumentationTest {
    private static final Path DOCUMENTATION = Path.of(System.getProperty("runnel.project"), "docs", "commands.md");

    /** Said once for all commands. */
    private static final Set<String> OF_EVERY_COMMAND = Set.of("config", "no-expand-env");

    private static final Pattern LISTED = Pattern.compile("(?m)^ {4}([a-z]+) {2,}");
    private static final Pattern FLAG = Pattern.compile("(?m)^ {4}-([a-z-]+)");

    /** In a table, or in a line that shows how the command is called. */
    private static final Pattern DOCUMENTED = Pattern.compile("(?:^\\| `|\\[)-([a-z-]+)", Pattern.MULTILINE);

    static Stream<String> commands() {
        return all(LISTED, help("help")).stream();
    }

    @Test
    void theOverviewListsCommands() {
        assertThat(commands()).contains("replicate", "restore", "databases");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIsDocumentedWithItsFlags(String command) throws IOException {
        String section = section(command);
        Set<String> flags = all(FLAG, help(command, "-help"));
        flags.removeAll(OF_EVERY_COMMAND);
        assertThat(flags).allSatisfy(flag -> assertThat(section).as(command).containsPattern("[`\\[]-" + flag + "\\b"));
        assertThat(flags).as("the flags of " + command).containsAll(all(DOCUMENTED, section));
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        pattern.matcher(text).results().forEach(match -> found.add(match.group(1)));
        return found;
    }

    private static String section(String command) throws IOException {
        String text = Files.readString(DOCUMENTATION);
        int start = text.indexOf("\n## " + command + "\n");
        assertThat(start).as("the section of " + command).isNotNegative();
        int end = text.indexOf("\n## ", start + 1);
        return text.substring(start, end < 0 ? text.length() : end);
    }

    private static String help(String... arguments) {
        Outcome outcome = Outcome.of(List.of(arguments), Path.of("/"), Map.of());
        assertThat(outcome.stderr()).isEmpty();
        return outcome.stdout();
    }
}

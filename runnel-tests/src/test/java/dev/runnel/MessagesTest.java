package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.MessageRules.Rule;
import dev.runnel.Messages.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What the program says is plain English, with one word for one thing. All of it is written to {@code messages.txt}. */
final class MessagesTest {
    private static final List<String> PRODUCT = List.of("base", "core", "s3", "age", "library", "cli");

    @Test
    void everyMessageKeepsTheRules() throws IOException {
        SortedSet<Message> messages = new TreeSet<>();
        for (String module : PRODUCT) {
            messages.addAll(Messages.below(
                    BuiltModules.PROJECT.resolve("runnel-" + module + "/" + BuiltModules.BUILD + "/classes")));
        }
        Files.write(
                BuiltModules.PROJECT.resolve("runnel-tests/" + BuiltModules.BUILD + "/messages.txt"),
                messages.stream().map(Message::toString).toList());
        assertThat(messages).as("messages found").hasSizeGreaterThan(900);
        assertThat(MessageRules.broken(messages))
                .as("messages that break a rule")
                .isEmpty();
    }

    @Test
    void messagesOfEveryKindAreFound() throws IOException {
        assertThat(planted().map(Message::text).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "an exception without values",
                        "{}: an exception with {} values",
                        "a log line: {} and {}",
                        "printed: %d of %d%n",
                        "The first line of a help text\nand its second line.\n",
                        "one of two parts, ",
                        "the other part",
                        "a constant in a concatenation: {}");
    }

    @Test
    void whereAMessageIsFoundIsSaid() throws IOException {
        assertThat(planted()).extracting(Message::owner).containsOnly("dev.runnel.MessagesTest$Planted");
    }

    @Test
    void everyRuleIsBrokenByItsExample() {
        for (Rule rule : MessageRules.ALL) {
            assertThat(MessageRules.broken(List.of(new Message("dev.runnel.Any", rule.example()))))
                    .as(rule.example())
                    .anyMatch(line -> line.endsWith("write: " + rule.instead()));
        }
    }

    @Test
    void aPlainMessageBreaksNoRule() {
        assertThat(MessageRules.broken(List.of(
                        message("{}: the response does not answer the request: {}"),
                        message("Check the path of the replica."),
                        message("the replica is no longer degraded; there is no snapshot yet"),
                        message("the new file is moved into place; \"!\" needs quotes"),
                        message("Usage:\n\n    runnel version  [flags]\n"))))
                .isEmpty();
    }

    @Test
    void onlyTheProgramPrintsTheWordError() {
        assertThat(MessageRules.broken(List.of(new Message("dev.runnel.cli.Program", "Error: {}"))))
                .isEmpty();
    }

    private static Message message(String text) {
        return new Message("dev.runnel.Any", text);
    }

    private static Stream<Message> planted() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(MessagesTest.class.getResourceAsStream("MessagesTest$Planted.class"))) {
            return Messages.of(file.readAllBytes()).stream();
        }
    }

    /** A message of each kind, and texts that are none. */
    static final class Planted {
        private static final String CONSTANT = "a constant in a concatenation: ";

        private Planted() {}

        static void thrown() {
            throw new IllegalStateException("an exception without values");
        }

        static void thrown(Path path, int count) {
            throw new IllegalStateException(path + ": an exception with " + count + " values");
        }

        static void logged(Logger log, Path path, int count) {
            log.info("a log line: {} and {}", path, count);
        }

        static void printed(PrintStream out, int done, int all) {
            out.printf("printed: %d of %d%n", done, all);
        }

        static String help() {
            return """
                    The first line of a help text
                    and its second line.
                    """;
        }

        static StringBuilder parts(StringBuilder text) {
            return text.append("one of two parts, ").append("the other part");
        }

        static String constant(int value) {
            return CONSTANT + value;
        }

        static List<String> others() {
            return List.of("word", "12 34", "PRAGMA journal_mode = wal", "key-name");
        }
    }
}

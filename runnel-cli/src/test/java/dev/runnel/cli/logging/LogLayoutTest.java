package dev.runnel.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.logging.LogEntry.Attribute;
import dev.runnel.cli.logging.LogEntry.Source;
import dev.runnel.cli.logging.LogOutput.Colours;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogLayoutTest {
    private static final Instant TIME = Instant.parse("2026-11-21T09:11:09.588Z");

    @Test
    void textIsPairs() {
        String line =
                LogLayout.TEXT.line(entry("replica sync", new Attribute("db", "/data/app.db"), new Attribute("n", 7)));
        assertThat(line).matches("time=\\S+ level=INFO msg=\"replica sync\" db=/data/app.db n=7\n");
        String time = line.substring("time=".length(), line.indexOf(' '));
        assertThat(OffsetDateTime.parse(time).toInstant()).isEqualTo(TIME);
        assertThat(time).matches(".*T..:..:..\\.588(Z|[+-]..:..)");
    }

    /** The rules are those of the text handler of Go's log/slog. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                plain|plain
                ''|""
                two words|"two words"
                a=b|"a=b"
                say "x"|"say \\"x\\""
                c:\\x|"c:\\\\x"
                /p/é|/p/é
                """)
    void textIsQuotedWhereItMustBe(String value, String shown) {
        assertThat(LogLayout.TEXT.line(entry("m", new Attribute("k", value)))).endsWith(" k=" + shown + "\n");
    }

    @Test
    void aRecordIsOneLineWhateverIsInIt() {
        String line = LogLayout.TEXT.line(entry("a\nb\r\u0001", new Attribute("k\n", "\t\u007f")));
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(line).contains("msg=\"a\\nb\\r\\u0001\"");
    }

    @Test
    void jsonIsAnObjectALine() {
        String line = LogLayout.JSON.line(
                entry("a \"b\"\n", new Attribute("db", "/é\\x"), new Attribute("n", 7), new Attribute("ok", true)));
        JsonObject json = JsonParser.parseString(line).getAsJsonObject();
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(json.keySet()).containsExactly("time", "level", "msg", "db", "n", "ok");
        assertThat(json.get("msg").getAsString()).isEqualTo("a \"b\"\n");
        assertThat(json.get("db").getAsString()).isEqualTo("/é\\x");
        assertThat(json.get("n").getAsInt()).isEqualTo(7);
        assertThat(json.get("ok").getAsBoolean()).isTrue();
        assertThat(OffsetDateTime.parse(json.get("time").getAsString()).toInstant())
                .isEqualTo(TIME);
    }

    @Test
    void prettyIsForPeople() {
        String line = LogLayout.PRETTY.line(
                entry("it's \"here\"\n\u001b[2J", new Attribute("db", "/a b"), new Attribute("error", "\u001b[31m")));
        assertThat(line)
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:09\\.588 INF it's \"here\"\\\\n\\\\u001b\\[2J"
                        + " db=\"/a b\" error=\"\\\\u001b\\[31m\"\n");
    }

    @ParameterizedTest
    @CsvSource({"TRACE, TRC, 2", "DEBUG, DBG, ''", "INFO, INF, 92", "WARN, WRN, 93", "ERROR, ERR, 91"})
    void eachLevelHasItsWordAndColour(String level, String word, String colour) {
        LogEntry entry = new LogEntry(TIME, level, Optional.empty(), "m", List.of());
        assertThat(LogLayout.PRETTY.line(entry)).endsWith(" " + word + " m\n").doesNotContain("\u001b");
        String shown = colour.isEmpty() ? word : "\u001b[" + colour + "m" + word + "\u001b[0m";
        assertThat(LogLayout.COLOURED.line(entry)).endsWith("\u001b[0m " + shown + " m\n");
    }

    @Test
    void onlyTheFormForPeopleIsColoured() {
        assertThat(LogLayout.of(LogConfig.Format.PRETTY, Colours.ANSI)).isEqualTo(LogLayout.COLOURED);
        assertThat(LogLayout.of(LogConfig.Format.PRETTY, Colours.NONE)).isEqualTo(LogLayout.PRETTY);
        assertThat(LogLayout.of(LogConfig.Format.TEXT, Colours.ANSI)).isEqualTo(LogLayout.TEXT);
        assertThat(LogLayout.of(LogConfig.Format.JSON, Colours.ANSI)).isEqualTo(LogLayout.JSON);
    }

    @Test
    void theSourceIsShownAsGoShowsIt() {
        LogEntry entry =
                new LogEntry(TIME, "WARN", Optional.of(new Source("dev.runnel.A.b", "A.java", 7)), "m", List.of());
        assertThat(LogLayout.TEXT.line(entry)).endsWith(" level=WARN source=A.java:7 msg=m\n");
        assertThat(LogLayout.PRETTY.line(entry)).endsWith(" WRN A.java:7 m\n");
        assertThat(JsonParser.parseString(LogLayout.JSON.line(entry))
                        .getAsJsonObject()
                        .get("source"))
                .hasToString("{\"function\":\"dev.runnel.A.b\",\"file\":\"A.java\",\"line\":7}");
    }

    private static LogEntry entry(String message, Attribute... attributes) {
        return new LogEntry(TIME, "INFO", Optional.empty(), message, List.of(attributes));
    }
}

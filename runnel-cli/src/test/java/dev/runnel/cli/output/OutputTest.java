package dev.runnel.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.platform.Clock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void aTableIsAsWideAsItsCellsAndEndsWithoutSpaces() {
        Table table = new Table("path", "n", "last");
        table.add("/é/app.db", "7", "x");
        table.add("", "12345", "");
        table.printTo(out);
        assertThat(text()).isEqualTo("""
                path       n      last
                /é/app.db  7      x
                           12345\s\s
                """);
    }

    @Test
    void jsonIsIndentedByTwo() throws IOException {
        Json.print(
                out,
                json -> json.beginObject()
                        .name("a")
                        .beginArray()
                        .endArray()
                        .name("b")
                        .value("<é>")
                        .endObject());
        assertThat(text()).isEqualTo("""
                {
                  "a": [],
                  "b": "<é>"
                }
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "21000, 21 kB",
        "9949, 9.9 kB",
        "999499, 999 kB",
        "999500, 1.0 MB",
        "1234567890, 1.2 GB",
        "9223372036854775807, 9.2 EB"
    })
    void sizesHaveAUnit(long size, String shown) {
        assertThat(Amounts.bytes(size)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"PT0.04S, 0.0 s", "PT0.35S, 0.4 s", "PT12.3S, 12 s", "PT4M20S, 4 min 20 s"})
    void durationsHaveAUnit(Duration duration, String shown) {
        assertThat(Amounts.duration(duration)).isEqualTo(shown);
    }

    @Test
    void timesAreShownInWholeSecondsOfUtc() {
        assertThat(Times.show(Instant.parse("2026-11-21T09:11:09.999Z"))).isEqualTo("2026-11-21T09:11:09Z");
    }

    @ParameterizedTest
    @CsvSource({
        "2000-01-01T00:00:00Z, 2000-01-01T00:00:00Z",
        "2000-01-01T02:30:00+02:30, 2000-01-01T00:00:00Z",
        "2000-01-01T00:00:00.123456789Z, 2000-01-01T00:00:00.123456789Z"
    })
    void timesAreReadWithTheirOffset(String text, Instant expected) {
        assertThat(Times.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2000-01-01", "2000-01-01T00:00:00", "2000-13-01T00:00:00Z"})
    void whatIsNoTimeWithItsOffsetIsRefused(String text) {
        assertThatThrownBy(() -> Times.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theMeterShowsBytesRateAndWhatIsLeft() {
        HandClock clock = new HandClock();
        RestoreMeter meter = new RestoreMeter(clock, out, RestoreMeter.Style.LINES, "restoring");
        meter.show();
        meter.fetched(300_000_000, 1_200_000_000);
        clock.ticks = Duration.ofSeconds(2).toNanos();
        meter.show();
        assertThat(text()).isEqualTo("restoring: 300 MB of at most 1.2 GB, 150 MB/s, at most 6.0 s left\n");
    }

    @Test
    void onAScreenTheLineIsWrittenOverAndTakenAway() {
        HandClock clock = new HandClock();
        RestoreMeter meter = new RestoreMeter(clock, out, RestoreMeter.Style.ONE_LINE, "restoring");
        meter.fetched(1000, 1000);
        clock.ticks = Duration.ofSeconds(1).toNanos();
        meter.show();
        meter.clear();
        assertThat(text()).startsWith("\r\u001b[Krestoring: 1.0 kB of").endsWith("left\r\u001b[K");
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static final class HandClock implements Clock {
        private long ticks;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long ticks() {
            return ticks;
        }
    }
}

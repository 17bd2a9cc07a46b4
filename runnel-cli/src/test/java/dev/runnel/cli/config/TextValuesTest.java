package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextValuesTest {
    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "1s, PT1S",
        "300ms, PT0.3S",
        "1h30m, PT1H30M",
        "1.5s, PT1.5S",
        ".5s, PT0.5S",
        "1.s, PT1S",
        "-1s, PT-1S",
        "+1s, PT1S",
        "10us, PT0.00001S",
        "10µs, PT0.00001S",
        "1ns, PT0.000000001S",
        "1m1ms, PT1M0.001S"
    })
    void readsDurationsAsGoDoes(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1d", "s", ".s", "1 s", "1s ", "ten", "1s1", "-", "300000000h", "1e3s"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> GoDuration.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1024, 1024",
        "64MiB, 67108864",
        "64 mib, 67108864",
        "1MB, 1000000",
        "1K, 1000",
        "1.5KiB, 1536",
        "'1,000 B', 1000",
        "2G, 2000000000",
        "1TiB, 1099511627776"
    })
    void readsSizes(String text, long expected) {
        assertThat(ByteSize.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "-1", "1XB", "1 M iB", "99999999999TiB"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.runnel.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands beside a file has a name that fits, whatever the file is called. */
final class FileStemTest {
    private static final int ROOM_FOR_SUFFIXES = 155;

    @Test
    void i49AnOrdinaryNameIsItsOwnStem() {
        assertThat(FileStem.of(Path.of("/data/app.db"))).isEqualTo("app.db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ü", "漢", "😀"})
    void i49ALongNameLeavesRoomAndIsCutBetweenCharacters(String character) {
        int bytes = character.getBytes(StandardCharsets.UTF_8).length;
        for (int length = 90 / bytes; length <= 251 / bytes; length++) {
            String name = character.repeat(length) + ".db";
            String stem = FileStem.of(Path.of("/data", name));
            assertThat(stem.getBytes(StandardCharsets.UTF_8).length)
                    .as(name)
                    .isLessThanOrEqualTo(255 - ROOM_FOR_SUFFIXES);
            assertThat(stem).as(name).doesNotContain("\ufffd");
            assertThat(new String(stem.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(stem);
        }
    }

    @Test
    void i49NamesThatAreCutAlikeHaveDifferentStems() {
        String common = "n".repeat(200);
        assertThat(FileStem.of(Path.of(common + "1"))).isNotEqualTo(FileStem.of(Path.of(common + "2")));
    }
}

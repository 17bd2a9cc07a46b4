package dev.runnel.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.setup.Locations;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is no configuration is an error with a place, whatever it is. */
@Timeout(120)
class ConfigFuzzTest {
    private static final int ROUNDS = Integer.getInteger("runnel.fuzz.rounds", 3_000);
    private static final String CONFIG = """
            sync-interval: 2s
            logging: {level: DEBUG, type: json, stderr: yes}
            dbs:
              - &first
                path: ~/app.db
                replica: {url: file:///backup/app}
              - <<: *first
                path: $HOME/other.db
                wal-limit: 128MiB
                replicas:
                  - type: file
                    path: "/backup/other\\u00e4"
                    sync-interval: 100ms
            """;
    private static final String[] PIECES = {
        "*first", "&first ", "<<: ", "[", "]", "{", "}", ":", "- ", "? ", "!!binary ", "|", ">", "%YAML 1.2\n", "---\n",
        "...\n", "\t", "'", "\"", "\\x00", "\0", "\uFEFF", "#", "~", "99999999999999999999h", "-1", "${", "$(", "1e999",
                "\r"
    };

    @TempDir
    private Path folder;

    @Test
    void i38AnyTextIsReadOrIsAnErrorWithAPlace() throws IOException {
        long seed = Long.getLong("runnel.seed", System.nanoTime());
        System.out.println("ConfigFuzzTest: seed " + seed + " (-Drunnel.seed)");
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] text = mutated(random);
            try {
                read(text);
            } catch (ConfigException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "round " + round + " of seed " + seed + ":\n" + new String(text, StandardCharsets.UTF_8), e);
            }
        }
        assertThat(refused).as("refused").isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? ", "- - ", "&a [*a, ", "'"})
    void i38TextThatNestsWithoutEndIsRefused(String piece) throws IOException {
        try {
            read(piece.repeat(50_000).getBytes(StandardCharsets.UTF_8));
            fail("it was read");
        } catch (ConfigException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Test
    void i38AFileOfAnUnreasonableSizeIsRefusedWithoutReadingIt() throws IOException {
        Path file = folder.resolve("large.yml");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(8L << 30);
        }
        assertThatThrownBy(() -> reader().read(file, Expansion.EXPAND))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("bytes");
    }

    private void read(byte[] text) throws IOException {
        Path file = Files.write(folder.resolve("runnel.yml"), text);
        reader().read(file, Expansion.EXPAND);
    }

    private ConfigFile reader() {
        Map<String, String> environment = Map.of("HOME", "/home/me");
        return new ConfigFile(environment, new Locations(Path.of("/start"), Path.of("/home/me"), Map.of()));
    }

    private static byte[] mutated(Random random) {
        StringBuilder text = new StringBuilder(CONFIG);
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(5)) {
                case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
                case 2 -> text.insert(at, (char) random.nextInt(0x3000));
                case 3 -> {
                    int from = random.nextInt(text.length() + 1);
                    text.insert(at, text.substring(from, Math.min(text.length(), from + random.nextInt(60))));
                }
                default -> text.setLength(Math.max(1, at));
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(5) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return Arrays.copyOf(bytes, bytes.length);
    }
}

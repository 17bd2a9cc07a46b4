package dev.runnel.testkit.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LtxOracleTest {
    private static final Path FIXTURES = Path.of(System.getProperty("runnel.project"), "fixtures");
    private static final Set<String> SOUND = Set.of("01", "02", "14", "17", "22", "23");

    @TempDir
    Path folder;

    @Test
    void craftedFilesAreJudgedAsTheirReadmeSays() throws IOException {
        for (Path file : files(FIXTURES.resolve("ltx/crafted"))) {
            if (SOUND.contains(file.getFileName().toString().substring(0, 2))) {
                assertThat(LtxOracle.read(file).maxTxid()).as(file.toString()).isPositive();
            } else {
                assertThatThrownBy(() -> LtxOracle.read(file))
                        .as(file.toString())
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining(file.getFileName().toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"frame-pages", "block-pages"})
    void bothPageEncodingsAreRead(String encoding) throws IOException {
        for (Path file : files(FIXTURES.resolve("ltx").resolve(encoding))) {
            if (file.getFileName().toString().startsWith("short-")) {
                continue;
            }
            assertThat(LtxOracle.read(file).maxTxid()).as(file.toString()).isPositive();
        }
    }

    @Test
    void aSnapshotThatLacksPagesIsRefused() {
        assertThatThrownBy(() -> LtxOracle.read(FIXTURES.resolve("ltx/block-pages/short-snap.ltx")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("pages");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "litestream-0.5/plain-4096",
                "litestream-0.5/plain-512",
                "litestream-0.5/plain-65536",
                "litestream-0.5-frame/plain-4096",
                "litestream-0.5-frame/checkpoints-4096"
            })
    void replicasOfAnotherProgramRestoreToTheBytesItRestores(String name) throws IOException {
        Path fixture = FIXTURES.resolve(name);
        ReplicaOracle replica = new ReplicaOracle(fixture.resolve("replica"));
        Path expected = folder.resolve("expected.db");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(fixture.resolve("latest.db.gz")))) {
            Files.copy(in, expected);
        }

        Path planned = replica.imageAt(replica.newestTxid()).writeTo(folder.resolve("planned.db"));
        Path oneByOne = replica.checkAll().writeTo(folder.resolve("one-by-one.db"));

        DatabaseOracle.assertSameBytes(expected, planned);
        DatabaseOracle.assertSameBytes(expected, oneByOne);
    }

    @Test
    void aFlippedByteNeverPassesUnseen() throws IOException {
        Path file = FIXTURES.resolve("ltx/block-pages/nochk-inc2.ltx");
        byte[] sound = Files.readAllBytes(file);
        LtxContent expected = LtxOracle.read(file);
        for (int at = 0; at < sound.length; at++) {
            byte[] bytes = sound.clone();
            bytes[at] ^= 0x10;
            try {
                LtxContent read = LtxOracle.read(bytes, "flipped");
                assertThat(read.pages().values().stream().map(List::of).toList())
                        .as("byte " + at)
                        .usingRecursiveComparison()
                        .isEqualTo(
                                expected.pages().values().stream().map(List::of).toList());
            } catch (AssertionError e) {
                assertThat(e).as("byte " + at).hasMessageContaining("flipped");
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".ltx"))
                    .sorted()
                    .toList();
        }
    }
}

package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.replica.Position;
import dev.runnel.store.FolderStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Positions of replicas that Litestream wrote, and that were damaged by hand as the names say. TXIDs are hexadecimal. */
final class FixturePositionTest {
    @ParameterizedTest
    @CsvSource({
        "litestream-0.5/plain-512, 1f, 1f, 20",
        "litestream-0.5/plain-4096, 20, 20, 21",
        "litestream-0.5/plain-65536, 27, 27, 25",
        "litestream-0.5/retention, 20, 20, 21",
        "litestream-0.5/small-512, f, f, f",
        "litestream-0.5/stray-names, f, f, f",
        "litestream-0.5/missing-level-0-file, f, f, f",
        "litestream-0.5/missing-txid, 5, f, 6",
        "litestream-0.5/corrupt-page, f, f, f",
        "litestream-0.5/corrupt-checksum, e, f, f",
        "litestream-0.5/short-file, e, e, f",
        "litestream-0.5/truncated-file, e, f, f",
        "litestream-0.5-frame/checkpoints-4096, 20, 20, 21",
        "litestream-0.5-frame/plain-512, 1a, 1a, 19",
        "litestream-0.5-frame/plain-4096, 1a, 1a, 1b",
        "litestream-0.5-frame/plain-65536, 1a, 1a, 19",
    })
    void replicaOfLitestreamIsWholeAsFarAsItsFilesAre(
            String fixture, String whole, String highest, String differenceFrom) throws IOException {
        Path folder = Path.of(System.getProperty("runnel.project"), "fixtures", fixture, "replica");
        Position position =
                Replicas.open(new FolderStore(Disk.system(), folder)).position();
        assertThat(position)
                .isEqualTo(new Position(txid(whole), txid(highest), txid(differenceFrom), Optional.empty()));
    }

    private static Txid txid(String hex) {
        return new Txid(Long.parseLong(hex, 16));
    }
}

package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.UnmetReplicas.Beginning;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnmetReplicasTest {
    private static final Txid BEGUN = new Txid(0x1234);
    private static final Proof PROOF = new Proof(0x80000000000000A1L, 0x0102030405060708L);

    /** Its CRC-32C is the check value that every description of the algorithm gives. */
    private static final String NAME = "123456789";

    @TempDir
    Path meta;

    private UnmetReplicas unmet = new UnmetReplicas(Disk.system(), Path.of(""));

    @BeforeEach
    void open() {
        unmet = new UnmetReplicas(Disk.system(), meta);
    }

    @Test
    void theBytesAreThoseOfTheFormatPage() throws IOException {
        unmet.begin(BEGUN, PROOF, List.of(NAME));
        byte[] bytes = Files.readAllBytes(meta.resolve("unmet-e3069283"));
        assertThat(HexFormat.of().formatHex(bytes, 0, 32))
                .isEqualTo("524e4c554e4d4554" + "0000000000001234" + "80000000000000a1" + "0102030405060708");
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 32);
        assertThat(HexFormat.of().formatHex(bytes, 32, bytes.length)).isEqualTo("%08x".formatted(crc.getValue()));
    }

    @Test
    void whoWasSilentIsUnmetUntilItIsMet() throws IOException {
        unmet.begin(BEGUN, PROOF, List.of(NAME));
        assertThat(unmet.beginning("another")).isEmpty();
        assertThat(unmet.beginning(NAME)).contains(new Beginning(BEGUN, Optional.of(PROOF)));
        unmet.met(NAME);
        assertThat(unmet.beginning(NAME)).isEmpty();
    }

    @Test
    void anotherBeginningForgetsWhoAnsweredThen() throws IOException {
        unmet.begin(BEGUN, PROOF, List.of(NAME, "another"));
        unmet.begin(BEGUN.next(), PROOF, List.of("another"));
        assertThat(unmet.beginning(NAME)).isEmpty();
        assertThat(unmet.beginning("another")).contains(new Beginning(BEGUN.next(), Optional.of(PROOF)));
    }

    @Test
    void ofAFileThatIsNotWholeOnlyThatTheReplicaIsUnmetIsBelieved() throws IOException {
        unmet.begin(BEGUN, PROOF, List.of(NAME));
        Path file = meta.resolve("unmet-e3069283");
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] bytes = whole.clone();
            bytes[at] ^= 1;
            Files.write(file, bytes);
            assertThat(unmet.beginning(NAME)).contains(new Beginning(Txid.NONE, Optional.empty()));
            Files.write(file, Arrays.copyOf(whole, at));
            assertThat(unmet.beginning(NAME)).contains(new Beginning(Txid.NONE, Optional.empty()));
        }
    }
}

package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.PendingReplicas.Beginning;
import dev.runnel.engine.PendingReplicas.Pending;
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

final class PendingReplicasTest {
    private static final Txid BEGUN = new Txid(0x1234);
    private static final Proof PROOF = new Proof(0x80000000000000A1L, 0x0102030405060708L);

    /** Its CRC-32C is the check value that every description of the algorithm gives. */
    private static final String NAME = "123456789";

    private static final Beginning ADOPTION = new Beginning(BEGUN, PROOF, true, Optional.of(NAME));

    @TempDir
    Path meta;

    private PendingReplicas pending = new PendingReplicas(Disk.system(), Path.of(""));

    @BeforeEach
    void open() {
        pending = new PendingReplicas(Disk.system(), meta);
    }

    @Test
    void theBytesAreThoseOfTheFormatPage() throws IOException {
        pending.begin(ADOPTION, List.of(NAME));
        byte[] bytes = Files.readAllBytes(meta.resolve("pending-e3069283"));
        assertThat(HexFormat.of().formatHex(bytes, 0, 40))
                .isEqualTo("524e4c50454e4431" + "0000000000001234" + "80000000000000a1" + "0102030405060708"
                        + "0000000000000003");
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 40);
        assertThat(HexFormat.of().formatHex(bytes, 40, bytes.length)).isEqualTo("%08x".formatted(crc.getValue()));
    }

    @Test
    void everyReplicaIsPendingUntilItIsReconciled() throws IOException {
        pending.begin(ADOPTION, List.of(NAME, "another"));
        assertThat(pending.find(NAME)).contains(new Pending(BEGUN, Optional.of(PROOF), true, true));
        assertThat(pending.find("another")).contains(new Pending(BEGUN, Optional.of(PROOF), true, false));
        pending.reconciled(NAME);
        assertThat(pending.find(NAME)).isEmpty();
        assertThat(pending.find("another")).isPresent();
    }

    @Test
    void i44AnAdoptionThatIsRecordedAtTheReplicaIsForgottenHereAndNothingElse() throws IOException {
        pending.begin(ADOPTION, List.of(NAME));
        pending.adopted(NAME);
        assertThat(pending.find(NAME)).contains(new Pending(BEGUN, Optional.of(PROOF), false, true));
        pending.adopted(NAME);
        assertThat(pending.find(NAME)).isPresent();
    }

    @Test
    void anotherBeginningForgetsReplicasThatAreNotConfiguredAnyMore() throws IOException {
        pending.begin(ADOPTION, List.of(NAME, "another"));
        pending.begin(new Beginning(BEGUN.next(), PROOF, false, Optional.empty()), List.of("another"));
        assertThat(pending.find(NAME)).isEmpty();
        assertThat(pending.find("another")).contains(new Pending(BEGUN.next(), Optional.of(PROOF), false, false));
    }

    @Test
    void i44OfARecordThatIsNotWholeTheWorstIsAssumed() throws IOException {
        pending.begin(ADOPTION, List.of(NAME));
        Path file = meta.resolve("pending-e3069283");
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] bytes = whole.clone();
            bytes[at] ^= 1;
            Files.write(file, bytes);
            assertThat(pending.find(NAME)).contains(new Pending(Txid.NONE, Optional.empty(), true, false));
            Files.write(file, Arrays.copyOf(whole, at));
            assertThat(pending.find(NAME)).contains(new Pending(Txid.NONE, Optional.empty(), true, false));
        }
    }
}

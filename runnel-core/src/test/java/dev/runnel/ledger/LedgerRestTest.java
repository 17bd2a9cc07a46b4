package dev.runnel.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger between two uses: a thousand databases that nobody writes hold no descriptors of theirs. */
final class LedgerRestTest {
    private static final long A = 1L << 63 | 0xA1;
    private static final long B = 1L << 63 | 0xB2;

    @TempDir
    Path meta;

    private Path path = Path.of("");

    @BeforeEach
    void nameLedger() throws IOException {
        path = meta.toRealPath().resolve("ledger");
    }

    @Test
    void aLedgerThatRestsHoldsNothingAndGoesOnWhenItIsUsed() throws IOException {
        try (Ledger ledger = build()) {
            assertThat(openFiles()).hasSize(1);
            ledger.apply(new Txid(8), 1, sink -> sink.entry(1, B));
            ledger.rest();
            assertThat(openFiles()).isEmpty();
            assertThat(ledger.durable()).isEqualTo(new Txid(8));
            ledger.rest();
            assertThat(ledger.checksumOf(1)).isEqualTo(B);
            ledger.apply(new Txid(9), 1, sink -> sink.entry(1, A));
            ledger.checkpoint();
        }
        try (Ledger ledger = Ledger.open(Disk.system(), path)) {
            assertThat(ledger.txid()).isEqualTo(new Txid(9));
            assertThat(ledger.checksumOf(1)).isEqualTo(A);
        }
    }

    @Test
    void aLedgerThatWasExchangedWhileItRestedIsLost() throws IOException {
        build().close();
        byte[] older = Files.readAllBytes(path);
        try (Ledger ledger = Ledger.open(Disk.system(), path)) {
            ledger.apply(new Txid(8), 1, sink -> sink.entry(1, B));
            ledger.rest();
            Files.write(path, older);
            assertThatThrownBy(() -> ledger.checksumOf(1)).isInstanceOf(LedgerException.Lost.class);
            assertThatThrownBy(ledger::checkpoint).isInstanceOf(LedgerException.Interrupted.class);
        }
    }

    private Ledger build() throws IOException {
        try (LedgerBuilder builder = Ledger.create(Disk.system(), path, new PageSize(4096), new Txid(7))) {
            builder.set(1, A);
            return builder.finish(1);
        }
    }

    private List<Path> openFiles() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .flatMap(LedgerRestTest::target)
                    .filter(path::equals)
                    .toList();
        }
    }

    private static Stream<Path> target(Path descriptor) {
        try {
            return Stream.of(Files.readSymbolicLink(descriptor));
        } catch (IOException _) {
            return Stream.of();
        }
    }
}

package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What change sets prove stays known when they are removed. */
final class ChangeLogProofsTest {
    private static final PageSize PAGE_SIZE = new PageSize(512);

    @TempDir
    private Path folder;

    @Test
    void startingOverKeepsWhatIsProvenOfThisHistoryAndADamagedFileDoesNotPreventIt() throws IOException {
        ChangeLog log = logWithThree();
        Files.writeString(folder.resolve("0000000000000002.change"), "damaged");
        ChangeLog empty = log.startOver();
        assertThat(empty.newest()).isEmpty();
        assertThat(folder).isDirectoryNotContaining("glob:**.change");
        assertThat(empty.proof(new Txid(2))).isEmpty();
        assertThat(empty.proof(new Txid(3))).contains(proof(3));
        assertThat(empty.proof(new Txid(4))).contains(proof(4));
    }

    @Test
    void trimmingKeepsProofsAndADamagedFileDoesNotPreventIt() throws IOException {
        ChangeLog log = logWithThree();
        Files.writeString(folder.resolve("0000000000000002.change"), "damaged");
        log.trim(new Txid(3), new Txid(3));
        assertThat(log.has(new Txid(3))).isFalse();
        assertThat(log.proof(new Txid(2))).isEmpty();
        assertThat(log.proof(new Txid(3))).contains(proof(3));
    }

    private ChangeLog logWithThree() throws IOException {
        ChangeLog log = ChangeLog.open(Disk.system(), folder, new LogLimits(1 << 20));
        for (int txid = 2; txid <= 4; txid++) {
            TxidRange range = TxidRange.of(new Txid(txid));
            LtxHeader header = LtxHeader.of(PAGE_SIZE, 1, range, Instant.EPOCH, Optional.of(proof(txid)));
            log.append(header, sink -> sink.page(1, new byte[PAGE_SIZE.bytes()], 0), SourcePosition.UNKNOWN);
        }
        return log;
    }

    private static Proof proof(int txid) {
        return new Proof(Checksums.FLAG | txid, 7);
    }
}

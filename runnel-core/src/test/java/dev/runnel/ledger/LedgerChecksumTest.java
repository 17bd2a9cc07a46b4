package dev.runnel.ledger;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.Crc64;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger whose checksums are not those of the format page, or not those of their pages. */
class LedgerChecksumTest {
    private static final long FLAG = 1L << 63;
    private static final int ENTRIES_AT = 8192;
    private static final int ENTRY = 16;

    @TempDir
    Path meta;

    private Path path = Path.of("");

    @BeforeEach
    void build() throws IOException {
        path = meta.resolve("ledger");
        try (LedgerBuilder builder = Ledger.create(Disk.system(), path, new PageSize(4096), new Txid(7))) {
            for (int page = 1; page <= 3; page++) {
                builder.set(page, FLAG | (0xA0 + page));
            }
            builder.finish(3).close();
        }
        Ledger.open(Disk.system(), path).close();
    }

    @Test
    void i43ALedgerWithTheChecksumThatMissedChangesIsLost() throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        ByteBuffer.wrap(bytes).putInt(8, 1);
        ByteBuffer.wrap(bytes).putLong(48, FLAG | Crc64.update(0, bytes, 0, 48));
        Files.write(path, bytes);
        assertThatThrownBy(() -> Ledger.open(Disk.system(), path))
                .isInstanceOf(LedgerException.Lost.class)
                .hasMessageContaining("this version of Runnel");
    }

    @Test
    void i43EntriesThatSwappedPlacesAreNoticed() throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        byte[] swapped = bytes.clone();
        System.arraycopy(bytes, ENTRIES_AT, swapped, ENTRIES_AT + ENTRY, ENTRY);
        System.arraycopy(bytes, ENTRIES_AT + ENTRY, swapped, ENTRIES_AT, ENTRY);
        Files.write(path, swapped);
        assertThatThrownBy(() -> Ledger.open(Disk.system(), path)).isInstanceOf(LedgerException.Lost.class);
    }
}

package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxEncoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.RestoreTarget;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Databases that cross 1 GiB, where the page lies that SQLite locks and nobody stores. All but a few pages are zeros. */
@Tag("slow")
class LockPageTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"512, 2", "4096, 0", "65536, 5"})
    void i9TheLockPageIsLeftAsZerosAndNotCounted(int bytes, int pagesBehind) throws IOException {
        PageSize pageSize = new PageSize(bytes);
        int pageCount = pageSize.lockPage() + pagesBehind;
        long checksum = write(pageSize, pageCount);
        Path output = folder.resolve("app.db");

        RestoreReport report = Restores.restorer()
                .restore(Restores.replicaIn(folder), new RestoreTarget.Latest(), output, RestoreOptions.DEFAULT);

        assertThat(report.image().checksum()).isEqualTo(checksum);
        assertThat(report.image().provenBy()).isEqualTo(ProvenBy.DATABASE_CHECKSUM);
        try (DiskFile restored = Disk.system().openToRead(output)) {
            assertThat(restored.size()).isEqualTo((long) pageCount * bytes);
            for (int number : new int[] {1, pageSize.lockPage() - 1, pageSize.lockPage(), pageCount}) {
                ByteBuffer page = ByteBuffer.allocate(bytes);
                restored.read(page, (number - 1L) * bytes);
                assertThat(page.array()).as("page %d", number).isEqualTo(page(pageSize, pageCount, number));
            }
        }
    }

    private static byte[] page(PageSize pageSize, int pageCount, int number) {
        byte[] page = new byte[pageSize.bytes()];
        boolean marked = number == 1 || number == pageSize.lockPage() - 1 || number == pageCount;
        page[17] = (byte) (marked && number != pageSize.lockPage() ? number | 1 : 0);
        return page;
    }

    /** A baseline; gives the checksum of the database. */
    private long write(PageSize pageSize, int pageCount) throws IOException {
        long checksum = Checksums.EMPTY;
        for (int number = 1; number <= pageCount; number++) {
            if (number != pageSize.lockPage()) {
                long page = Checksums.page(number, page(pageSize, pageCount, number), 0, pageSize.bytes());
                checksum = Checksums.with(checksum, number, page);
            }
        }
        TxidRange range = TxidRange.of(new Txid(1));
        LtxHeader header = LtxHeader.of(pageSize, pageCount, range, Instant.EPOCH, Optional.of(new Proof(checksum, 1)));
        Path file = folder.resolve("ltx/9/" + range + ".ltx");
        Files.createDirectories(file.getParent());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                LtxEncoder encoder =
                        new LtxEncoder(out, header, Scratch.at(Disk.system(), folder.resolve("scratch")))) {
            for (int number = 1; number <= pageCount; number++) {
                if (number != pageSize.lockPage()) {
                    encoder.page(number, page(pageSize, pageCount, number), 0);
                }
            }
            encoder.finish();
        }
        return checksum;
    }
}

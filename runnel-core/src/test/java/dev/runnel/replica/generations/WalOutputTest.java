package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.sqlite.SyntheticWal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WALs, held against those that another implementation of the file format writes. */
class WalOutputTest {
    private static final long CHECKSUM = 0x8123456789abcdefL;

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 4096, 65536})
    void framesAreThoseOfOneTransaction(int pageSize) throws IOException {
        for (int pages = 1; pages <= 5; pages++) {
            Random random = new Random(pages);
            SyntheticWal expected =
                    new SyntheticWal(SyntheticWal.LITTLE, pageSize, 0, (int) (CHECKSUM >>> 32), (int) CHECKSUM);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            WalOutput out = new WalOutput(bytes, pageSize, WalSalts.of(CHECKSUM));
            byte[] page = new byte[pageSize + 10];
            for (int i = 1; i <= pages; i++) {
                random.nextBytes(page);
                byte[] content = new byte[pageSize];
                System.arraycopy(page, 10, content, 0, pageSize);
                expected.frame(i * 3, i == pages ? 99 : 0, content);
                out.page(i * 3, page, 10);
            }
            out.finish(99);

            assertThat(bytes.toByteArray()).isEqualTo(expected.bytes());
        }
    }

    @Test
    void withoutAPageItIsTheHeaderAlone() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new WalOutput(bytes, 65536, WalSalts.of(CHECKSUM)).finish(7);
        assertThat(bytes.toByteArray())
                .isEqualTo(new SyntheticWal(SyntheticWal.LITTLE, 65536, 0, 0x81234567, 0x89abcdef).bytes());
        assertThat(ByteBuffer.wrap(bytes.toByteArray()).getInt(8)).isEqualTo(65536);
    }

    @Test
    void saltsAreTheChecksumOfTheDatabase() {
        assertThat(WalSalts.of(CHECKSUM)).isEqualTo(new WalSalts(0x81234567, 0x89abcdef));
        assertThat(WalSalts.of(CHECKSUM).databaseChecksum()).isEqualTo(CHECKSUM);
        assertThat(WalSalts.of(0xffffffff00000001L).databaseChecksum()).isEqualTo(0xffffffff00000001L);
    }
}

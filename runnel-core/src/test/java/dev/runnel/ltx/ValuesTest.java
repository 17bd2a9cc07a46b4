package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Page sizes, checksums and file names against values from the description of the format. */
class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "512, 2097153",
        "1024, 1048577",
        "2048, 524289",
        "4096, 262145",
        "8192, 131073",
        "16384, 65537",
        "32768, 32769",
        "65536, 16385"
    })
    void i9LockPageIsThePageAtOneGibibyte(int pageSize, int lockPage) {
        assertThat(new PageSize(pageSize).lockPage()).isEqualTo(lockPage);
        assertThat(new PageSize(pageSize).storedPages(lockPage - 1)).isEqualTo(lockPage - 1);
        assertThat(new PageSize(pageSize).storedPages(lockPage)).isEqualTo(lockPage - 1);
        assertThat(new PageSize(pageSize).storedPages(lockPage + 1)).isEqualTo(lockPage);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -4096, 0, 1, 256, 513, 4095, 131072, 1 << 30})
    void otherPageSizesAreNone(int bytes) {
        assertThat(PageSize.isValid(bytes)).isFalse();
        assertThatThrownBy(() -> new PageSize(bytes)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pageChecksumIsThatOfNumberAndBytes() {
        assertThat(Checksums.page(1, new byte[512], 0, 512)).isEqualTo(0xefb1f44fecd99000L);
        assertThat(Checksums.page(1, new byte[4099], 3, 4096)).isEqualTo(0xd9328f592d9e733dL);
    }

    @Test
    void databaseChecksumIsTheXorOfItsPages() {
        long checksum = Checksums.EMPTY;
        checksum = Checksums.with(checksum, 0x9076daa102377ef6L);
        checksum = Checksums.with(checksum, 0xad03753fb90dc494L);
        checksum = Checksums.with(checksum, 0xb640701cdfeaa32bL);
        assertThat(checksum).isEqualTo(0x8b35df8264d01949L);
        assertThat(Checksums.with(Checksums.with(checksum, 0xb640701cdfeaa32bL), 0xb640701cdfeaa32bL))
                .isEqualTo(checksum);
    }

    @Test
    void fileNameHoldsBothTxids() {
        TxidRange range = new TxidRange(new Txid(0x1d), new Txid(0xabcdef));
        assertThat(LtxFileName.of(range)).isEqualTo("000000000000001d-0000000000abcdef.ltx");
        assertThat(LtxFileName.parse("000000000000001d-0000000000abcdef.ltx")).isEqualTo(Optional.of(range));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "000000000000001D-0000000000abcdef.ltx",
                "000000000000001d-0000000000abcdef.ltx.tmp",
                "x000000000000001d-0000000000abcdef.ltx",
                "000000000000001d-0000000000abcdef.LTX",
                "000000000000001d_0000000000abcdef.ltx",
                "00000000000001d-0000000000abcdef.ltx",
                "000000000000001d-0000000000abcdef.ltx\n",
                "0000000000000000-0000000000000001.ltx",
                "0000000000000002-0000000000000001.ltx",
                "8000000000000000-8000000000000000.ltx",
                "0000000000000001-ffffffffffffffff.ltx"
            })
    void otherFileNamesAreNone(String name) {
        assertThat(LtxFileName.parse(name)).isEmpty();
    }
}

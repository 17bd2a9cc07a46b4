package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import net.jpountz.xxhash.XXHashFactory;
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
        assertThat(Checksums.page(1, new byte[512], 0, 512)).isEqualTo(0xe94b12c6ab2d7501L);
        assertThat(Checksums.page(2, new byte[512], 0, 512)).isEqualTo(0xfdd0bf14ba2aa97aL);
        assertThat(Checksums.page(1, new byte[4099], 3, 4096)).isEqualTo(0x82da6c108266bfdeL);
        byte[] large = new byte[65536];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 7);
        }
        assertThat(Checksums.page(16386, large, 0, 65536)).isEqualTo(0x8f540b3fe1e36da0L);
    }

    @Test
    void databaseChecksumIsTheSumOfItsMixedPages() {
        long one = Checksums.with(Checksums.EMPTY, 1, 0x9076daa102377ef6L);
        long two = Checksums.with(one, 2, 0xad03753fb90dc494L);
        long three = Checksums.with(two, 3, 0xb640701cdfeaa32bL);
        assertThat(three).isEqualTo(0xa740d7cedd83e4cfL);
        assertThat(Checksums.without(three, 3, 0xb640701cdfeaa32bL)).isEqualTo(two);
        long others = Checksums.with(Checksums.with(Checksums.EMPTY, 3, 0xb640701cdfeaa32bL), 2, 0xad03753fb90dc494L);
        assertThat(Checksums.join(one, others)).isEqualTo(three);
    }

    @Test
    void whatIsNoPageIsInNoDatabaseChecksum() {
        assertThatThrownBy(() -> Checksums.with(Checksums.EMPTY, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Checksums.with(Checksums.EMPTY, 0, Checksums.FLAG))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Checksums.without(Checksums.EMPTY, 1, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
    void pageChecksumIsTheOneOfAnotherXxh64(int pageSize) {
        byte[] bytes = new byte[pageSize + 5];
        Fixtures.random("pageChecksumIsTheOneOfAnotherXxh64").nextBytes(bytes);
        for (int number : new int[] {1, 2, 255, 16385, Integer.MAX_VALUE}) {
            assertThat(Checksums.page(number, bytes, 5, pageSize))
                    .isEqualTo(Checksums.FLAG
                            | XXHashFactory.safeInstance().hash64().hash(bytes, 5, pageSize, number));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 511, 4100})
    void onlyWholeStripesAreHashed(int length) {
        assertThatThrownBy(() -> XxHash64.of(1, new byte[5000], 0, length))
                .isInstanceOf(IllegalArgumentException.class);
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

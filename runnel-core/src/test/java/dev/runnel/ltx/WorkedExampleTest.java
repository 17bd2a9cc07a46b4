package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testkit.oracle.LtxOracle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Real files, byte by byte: the examples of {@code docs/formats.md}. */
class WorkedExampleTest {
    private static final String HEADER = """
            4c545831 00000002 00000200 00000002
            0000000000000002 0000000000000002
            0000018bcfe56db0 0000000000000000
            0000000000000668 0000000000000218
            01020304 a0b0c0d0 0000000000000000
            0000000000000000000000000000000000000000
            """;

    private static final String LZ4_BLOCK = "2f5c090100ffda000200e009090909090909090909090909a3";

    private static final String BLOCK_FORM = HEADER + "00000002 0001 00000019" + LZ4_BLOCK + """
            000000000000
            02 64 23 00
            0000000000000004
            0000000000000000
            edad95a27bf528c9
            """;

    private static final String FRAME_FORM = HEADER + "00000002 0000 04224d18 64 40 a7 19000000" + LZ4_BLOCK + """
            00000000 63ccf9bc
            000000000000
            02 64 32 00
            0000000000000004
            0000000000000000
            a5c0388aa6b710b0
            """;

    @Test
    void blockFormIsReadToTheByte() throws IOException {
        byte[] file = hex(BLOCK_FORM);
        assertThat(file).hasSize(169);
        assertExample(file, 0xedad95a27bf528c9L);
    }

    @Test
    void frameFormIsReadToTheByte() throws IOException {
        byte[] file = hex(FRAME_FORM);
        assertThat(file).hasSize(184);
        assertExample(file, 0xa5c0388aa6b710b0L);
    }

    @Test
    void encoderLaysOutTheSameFile() throws IOException {
        LtxHeader header = LtxHeader.parse("example", hex(HEADER));
        byte[] written = Fixtures.encode(header, Map.of(2, page()));
        assertThat(LtxOracle.read(written, "written.ltx").pages().get(2)).isEqualTo(page());
        // LZ4 leaves the compressor a choice, so only what the choice does not touch has to be equal.
        assertThat(Arrays.copyOf(written, 106)).isEqualTo(Arrays.copyOf(hex(BLOCK_FORM), 106));
    }

    @Test
    void fileOfTheFirstVersionIsRefusedAtItsFirstPage() {
        String header = """
                4c545831 00000000 00001000 0000000a
                000000000000000d 000000000000000d
                0000000000000000 9c74a15b4e4f246c
                0000000000000000 0000000000000000
                00000000 00000000 0000000000000000
                0000000000000000000000000000000000000000
                """;
        byte[] file = hex(header + "00000001 53514c69746520666f726d6174203300");
        assertThatThrownBy(() -> Fixtures.decode(file))
                .isInstanceOf(LtxException.class)
                .hasMessage("test.ltx, offset 104: unknown page flags 5351");
    }

    @Test
    void indexEntriesAreThreeVarints() throws IOException {
        try (IndexBuffer index = new IndexBuffer(Fixtures.noScratch(), 1024)) {
            index.add(1, 100, 35);
            index.add(2, 135, 525);
            index.add(3, 660, 35);
            byte[] bytes = new byte[12];
            index.writeTo((from, offset, length) -> System.arraycopy(from, offset, bytes, 0, length));
            assertThat(bytes).isEqualTo(hex("01 64 23  02 87 01 8d 04  03 94 05 23"));
        }
    }

    @Test
    void trackedSnapshotHasTheChecksumOfItsPages() throws IOException {
        LtxDecoder decoder =
                LtxDecoder.open("chk-snap", new ByteArrayInputStream(Fixtures.read("block-pages", "chk-snap.ltx")));
        decoder.readTo((number, data, offset) -> {});
        assertThat(decoder.trailer().postApplyChecksum()).isEqualTo(0x8b35df8264d01949L);
    }

    private static void assertExample(byte[] file, long checksum) throws IOException {
        LtxDecoder decoder = LtxDecoder.open("example", new ByteArrayInputStream(file));
        assertThat(decoder.header())
                .isEqualTo(new LtxHeader(
                        LtxHeader.NO_CHECKSUM,
                        new PageSize(512),
                        2,
                        TxidRange.of(new Txid(2)),
                        Instant.ofEpochMilli(1700000001456L),
                        0,
                        new LtxHeader.WalSegment(1640, 536, 0x01020304, 0xa0b0c0d0),
                        0,
                        Optional.empty()));
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.pageNumber()).isEqualTo(2);
        assertThat(decoder.page()).isEqualTo(page());
        assertThat(decoder.next()).isFalse();
        assertThat(decoder.next()).isFalse();
        assertThat(decoder.trailer()).isEqualTo(new LtxTrailer(0, checksum));
    }

    private static byte[] page() {
        byte[] page = new byte[512];
        Arrays.fill(page, (byte) 9);
        page[0] = 0x5c;
        page[511] = (byte) 0xa3;
        return page;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}

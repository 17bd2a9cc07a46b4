package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LtxHeaderTest {
    private static final PageSize PAGE_SIZE = new PageSize(4096);
    private static final Instant TIME = Instant.ofEpochMilli(0x18bcfe56db0L);
    private static final Proof PROOF = new Proof(0x8123456789abcdefL, 0x1122334455667788L);

    /** A valid header that every fault below spoils in one place. */
    private static final byte[] VALID =
            LtxHeader.of(PAGE_SIZE, 10, range(5, 5), TIME, Optional.of(PROOF)).toBytes();

    @Test
    void headerOfOneTxidStartsAtTheWalsStartSoThatLitestreamCanCarryOn() {
        LtxHeader header = LtxHeader.of(PAGE_SIZE, 10, range(5, 5), TIME, Optional.of(PROOF));
        assertThat(header.toBytes())
                .isEqualTo(HexFormat.of()
                        .parseHex(String.join(
                                "",
                                "4c545831",
                                "00000002",
                                "00001000",
                                "0000000a",
                                "0000000000000005",
                                "0000000000000005",
                                "0000018bcfe56db0",
                                "0000000000000000",
                                "0000000000000020",
                                "0000000000000000",
                                "0000000000000000",
                                "0000000000000000",
                                "524e4c32",
                                "8123456789abcdef",
                                "1122334455667788")));
    }

    @Test
    void headerOfSeveralTxidsNamesNoWal() {
        LtxHeader header = LtxHeader.of(PAGE_SIZE, 10, range(1, 5), TIME, Optional.empty());
        assertThat(header.wal()).isEqualTo(new LtxHeader.WalSegment(0, 0, 0, 0));
        assertThat(header.isSnapshot()).isTrue();
        assertThat(header.toBytes()).endsWith(new byte[60]);
    }

    @Test
    void parsingGivesWhatWasWritten() throws IOException {
        LtxHeader header = new LtxHeader(
                0,
                new PageSize(65536),
                Integer.MAX_VALUE,
                range(7, Long.MAX_VALUE),
                Instant.ofEpochMilli(-1),
                0x8000000000000001L,
                new LtxHeader.WalSegment(Long.MAX_VALUE, Long.MAX_VALUE, -1, -2),
                -3,
                Optional.of(PROOF));
        assertThat(LtxHeader.parse("test.ltx", header.toBytes())).isEqualTo(header);
        assertThat(LtxHeader.read("test.ltx", new ByteArrayInputStream(header.toBytes())))
                .isEqualTo(header);
    }

    @Test
    void readingTakesNoByteMoreThanTheHeader() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(
                ByteBuffer.allocate(101).put(VALID).put((byte) 77).array());
        LtxHeader.read("test.ltx", in);
        assertThat(in.read()).isEqualTo(77);
    }

    @Test
    void timeIsKeptInMilliseconds() {
        Instant time = Instant.ofEpochSecond(5, 123_999_999);
        assertThat(LtxHeader.of(PAGE_SIZE, 1, range(1, 1), time, Optional.empty())
                        .time())
                .isEqualTo(Instant.ofEpochMilli(5123));
    }

    @Test
    void reservedBytesOfOthersAreIgnored() throws IOException {
        byte[] bytes = VALID.clone();
        bytes[80] = 'X';
        assertThat(LtxHeader.parse("test.ltx", bytes).proof()).isEmpty();
    }

    @Test
    void i43ATagOfTheChecksumThatMissedChangesIsNoProof() throws IOException {
        byte[] bytes = VALID.clone();
        ByteBuffer.wrap(bytes).putInt(80, 0x524E4C31);
        assertThat(LtxHeader.parse("test.ltx", bytes).proof()).isEmpty();
        ByteBuffer.wrap(bytes).putLong(84, 0);
        assertThat(LtxHeader.parse("test.ltx", bytes).proof())
                .as("nothing is demanded of what is not used")
                .isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> brokenRulesAreNamedWithTheirPlace() {
        return Stream.of(
                fault("magic", 0, "not an LTX file", b -> b.put(3, (byte) '2')),
                fault("flag bit 0", 4, "unknown header flags 00000003", b -> b.putInt(4, 3)),
                fault(
                        "flags come before page size",
                        4,
                        "unknown header flags",
                        b -> b.putInt(4, 4).putInt(8, 7)),
                fault("page size", 8, "page size 65535", b -> b.putInt(8, 65535)),
                fault("page size as SQLite stores 65536", 8, "page size 1,", b -> b.putInt(8, 1)),
                fault("commit", 12, "4294967295 pages", b -> b.putInt(12, -1)),
                fault("no lowest TXID", 16, "0000000000000000 is out of range", b -> b.putLong(16, 0)),
                fault("lowest TXID out of range", 16, "8000000000000000", b -> b.putLong(16, Long.MIN_VALUE)),
                fault("TXIDs reversed", 24, "0000000000000004", b -> b.putLong(24, 4)),
                fault("highest TXID out of range", 24, "8000000000000005", b -> b.putLong(24, Long.MIN_VALUE + 5)),
                fault("WAL offset", 48, "is negative", b -> b.putLong(48, -1)),
                fault("WAL size", 56, "is negative", b -> b.putLong(56, -1)),
                fault("salts alone", 48, "salts without", b -> b.putLong(48, 0).putInt(68, 1)),
                fault(
                        "size alone",
                        56,
                        "without a WAL offset",
                        b -> b.putLong(48, 0).putLong(56, 1)),
                fault(
                        "checksum in a snapshot",
                        40,
                        "where none is allowed",
                        b -> b.putInt(4, 0).putLong(16, 1).putLong(40, Long.MIN_VALUE)),
                fault("checksum untracked", 40, "where none is allowed", b -> b.putLong(40, Long.MIN_VALUE)),
                fault("checksum missing", 40, "where one is required", b -> b.putInt(4, 0)),
                fault(
                        "checksum without its top bit",
                        40,
                        "where one is required",
                        b -> b.putInt(4, 0).putLong(40, 5)),
                fault("proof without its top bit", 84, "without its top bit", b -> b.putLong(84, 5)));
    }

    @Test
    void cutHeaderIsRefusedAtEveryLength() {
        for (int length = 0; length < LtxHeader.SIZE; length++) {
            byte[] cut = Arrays.copyOf(VALID, length);
            assertThatThrownBy(() -> LtxHeader.read("test.ltx", new ByteArrayInputStream(cut)))
                    .isInstanceOf(LtxException.class)
                    .hasMessageStartingWith("test.ltx, offset " + length + ": the file ends");
        }
    }

    @Test
    void headersThatBreakTheRulesCannotBeMade() {
        assertThatThrownBy(() -> LtxHeader.of(PAGE_SIZE, -1, range(1, 1), TIME, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LtxHeader(
                        0, PAGE_SIZE, 1, range(2, 2), TIME, 0, LtxHeader.WalSegment.NONE, 0, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private interface Spoiler {
        void spoil(ByteBuffer header);
    }

    private static DynamicTest fault(String name, int offset, String message, Spoiler spoiler) {
        return DynamicTest.dynamicTest(name, () -> {
            byte[] bytes = VALID.clone();
            spoiler.spoil(ByteBuffer.wrap(bytes));
            assertThatThrownBy(() -> LtxHeader.parse("test.ltx", bytes))
                    .isInstanceOf(LtxException.class)
                    .hasMessageStartingWith("test.ltx, offset " + offset + ": ")
                    .hasMessageContaining(message);
        });
    }

    private static TxidRange range(long min, long max) {
        return new TxidRange(new Txid(min), new Txid(max));
    }
}

package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Crc64;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.WalPosition;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LogFooterTest {
    private static final FileIdentity FILE = new FileIdentity(0x801, 0x1234, 0x5000, 0x0102030405060708L);
    private static final WalPosition WAL = new WalPosition(0x11111111, 0x22222222, 0x33333333, 0x44444444, 0x55555555);

    @Test
    void theBytesAreThoseOfTheFormatPage() {
        LogFooter footer = new LogFooter(0x1234L, 0xA0B0C0D0E0F00010L, new SourcePosition(Optional.of(WAL), FILE));
        byte[] bytes = footer.toBytes();
        assertThat(HexFormat.of().formatHex(bytes, 0, 80))
                .isEqualTo("524e4c43" + "00000001" + "0000000000001234" + "a0b0c0d0e0f00010" + "00000001"
                        + "11111111" + "22222222" + "33333333" + "44444444" + "55555555"
                        + "0000000000000801" + "0000000000001234" + "0000000000005000" + "0102030405060708");
        assertThat(ByteBuffer.wrap(bytes).getLong(80)).isEqualTo((1L << 63) | Crc64.update(0, bytes, 0, 80));
        assertThat(bytes).hasSize(LogFooter.SIZE);
        assertThat(LogFooter.parse(bytes)).contains(footer);
    }

    @Test
    void aPositionWithoutAWalIsKeptApartFromOneAtItsStart() {
        LogFooter without = new LogFooter(131, 1, new SourcePosition(Optional.empty(), FILE));
        LogFooter atStart =
                new LogFooter(131, 1, new SourcePosition(Optional.of(new WalPosition(0, 0, 0, 0, 0)), FILE));
        assertThat(LogFooter.parse(without.toBytes())).contains(without);
        assertThat(LogFooter.parse(atStart.toBytes())).contains(atStart);
    }

    @Test
    void anyWrongByteIsNoticed() {
        byte[] bytes = new LogFooter(131, 1, new SourcePosition(Optional.of(WAL), FILE)).toBytes();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
            assertThat(LogFooter.parse(bytes)).as("byte %d", i).isEmpty();
            bytes[i] ^= 1;
        }
    }
}

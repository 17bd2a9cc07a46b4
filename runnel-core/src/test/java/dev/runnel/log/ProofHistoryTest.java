package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.log.ProofHistory.Entry;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProofHistoryTest {
    @TempDir
    Path folder;

    private ProofHistory proofs = new ProofHistory(Disk.system(), Path.of(""));

    @BeforeEach
    void open() {
        proofs = new ProofHistory(Disk.system(), folder, 10);
    }

    private static Proof proof(long txid) {
        return new Proof(Long.MIN_VALUE | txid, 0x0102030405060708L);
    }

    private static List<Entry> entries(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(txid -> new Entry(new Txid(txid), proof(txid)))
                .toList();
    }

    @Test
    void theBytesAreThoseOfTheFormatPage() throws IOException {
        proofs.begin(new Txid(0x1234), proof(0xA1));
        byte[] bytes = Files.readAllBytes(folder.resolve("proofs"));
        assertThat(HexFormat.of().formatHex(bytes, 0, 24))
                .isEqualTo("0000000000001234" + "80000000000000a1" + "0102030405060708");
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 24);
        assertThat(HexFormat.of().formatHex(bytes, 24, bytes.length)).isEqualTo("%08x".formatted(crc.getValue()));
    }

    @Test
    void i44WhatTheLogForgetsIsFoundAndNothingElse() throws IOException {
        assertThat(proofs.find(new Txid(3))).isEmpty();
        proofs.add(entries(3, 5));
        proofs.add(entries(4, 7));
        proofs.add(entries(9, 9));
        for (long txid = 1; txid <= 10; txid++) {
            boolean isKnown = (txid >= 3 && txid <= 7) || txid == 9;
            assertThat(proofs.find(new Txid(txid)).isPresent())
                    .as("TXID %d", txid)
                    .isEqualTo(isKnown);
        }
        assertThat(proofs.find(new Txid(6))).contains(proof(6));
    }

    @Test
    void aNewHistoryKnowsNothingOfTheOneBefore() throws IOException {
        proofs.add(entries(3, 5));
        proofs.begin(new Txid(8), proof(8));
        assertThat(proofs.find(new Txid(4))).isEmpty();
        assertThat(proofs.find(new Txid(8))).contains(proof(8));
    }

    @Test
    void pastTheLimitTheNewerHalfStays() throws IOException {
        proofs.add(entries(1, 11));
        assertThat(Files.size(folder.resolve("proofs"))).isEqualTo(5 * 28);
        assertThat(proofs.find(new Txid(6))).isEmpty();
        assertThat(proofs.find(new Txid(7))).contains(proof(7));
        proofs.add(entries(12, 12));
        assertThat(proofs.find(new Txid(12))).contains(proof(12));
    }

    @Test
    void i44AnEntryThatIsDamagedIsUnknownAndOneThatIsTornIsWrittenAgain() throws IOException {
        proofs.add(entries(1, 4));
        Path file = folder.resolve("proofs");
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] bytes = whole.clone();
            bytes[at] ^= 1;
            Files.write(file, bytes);
            for (long txid = 1; txid <= 4; txid++) {
                assertThat(proofs.find(new Txid(txid))
                                .filter(found -> !found.equals(proof(1))
                                        && !found.equals(proof(2))
                                        && !found.equals(proof(3))
                                        && !found.equals(proof(4))))
                        .isEmpty();
            }
            Files.write(file, Arrays.copyOf(whole, at));
            proofs.add(entries(1, 4));
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        }
    }
}

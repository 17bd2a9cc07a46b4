package dev.runnel.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the first 100 bytes of a database say, and above all which SQLite wrote it last. */
final class DatabaseHeaderTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "3006023, 3.6.23, true",
        "3007000, 3.7.0, true",
        "3040001, 3.40.1, true",
        "3050007, 3.50.7, true",
        "3051002, 3.51.2, true",
        "3051003, 3.51.3, false",
        "3052000, 3.52.0, false",
        "4000000, 4.0.0, false"
    })
    void i31AWriterBeforeTheFixOfTheWalResetBugIsRecognised(int version, String text, boolean faulty) {
        DatabaseHeader header = parse(header().putInt(96, version));
        assertThat(header.writerVersion()).isEqualTo(version);
        assertThat(header.writerVersionText()).isEqualTo(text);
        assertThat(header.isWriterFaulty()).isEqualTo(faulty);
    }

    @Test
    void i31AWriterThatLeftNoVersionIsNotAccused() {
        assertThat(parse(header().putInt(96, 0)).isWriterFaulty()).isFalse();
    }

    @Test
    void i31OurOwnSqliteIsSoundAndItsVersionIsWhatItWrites() throws SQLException, IOException {
        Path file = folder.resolve("own.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma journal_mode=wal");
            statement.execute("create table t(x)");
            try (ResultSet row = statement.executeQuery("select sqlite_version()")) {
                row.next();
                String own = row.getString(1);
                statement.execute("pragma wal_checkpoint(truncate)");
                // Nobody has it open but this connection, which does nothing more on it.
                DatabaseHeader header =
                        DatabaseHeader.parse(Files.readAllBytes(file)).orElseThrow();
                assertThat(header.writerVersionText()).isEqualTo(own);
                assertThat(header.isWriterFaulty()).isFalse();
                assertThat(header.isWal()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"512, 512", "1024, 1024", "4096, 4096", "32768, 32768", "1, 65536"})
    void i31PageSizesAreReadAsSqliteStoresThem(int stored, int pageSize) {
        assertThat(parse(header().putShort(16, (short) stored)).pageSize()).isEqualTo(pageSize);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 256, 511, 513, 4097, 49152, 65535})
    void i31AnImpossiblePageSizeIsNoDatabase(int stored) {
        assertThat(DatabaseHeader.parse(bytes(header().putShort(16, (short) stored))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, false", "2, 2, true", "1, 2, false", "2, 1, false", "0, 0, false"})
    void i31OnlyBothVersionsTogetherMeanAWal(byte write, byte read, boolean isWal) {
        assertThat(parse(header().put(18, write).put(19, read)).isWal()).isEqualTo(isWal);
    }

    @Test
    void i31CountersAreReadFromTheirPlaces() {
        DatabaseHeader header =
                parse(header().putInt(24, 11).putInt(28, 0x80000001).putInt(92, 13));
        assertThat(header.changeCounter()).isEqualTo(11);
        assertThat(header.pageCount()).isEqualTo(0x80000001);
        assertThat(header.validFor()).isEqualTo(13);
    }

    @Test
    void i31WhatIsNoDatabaseHasNoHeader() {
        assertThat(DatabaseHeader.parse(new byte[0])).isEmpty();
        assertThat(DatabaseHeader.parse(new byte[100])).isEmpty();
        assertThat(DatabaseHeader.parse(Arrays.copyOf(bytes(header()), 99))).isEmpty();
        assertThat(DatabaseHeader.parse(
                        bytes(header().put(0, "SQLite format 2\0".getBytes(StandardCharsets.US_ASCII)))))
                .isEmpty();
        // An encrypted database begins with its salt, not with the name of the format.
        byte[] encrypted = bytes(header());
        for (int i = 0; i < 16; i++) {
            encrypted[i] = (byte) (i * 37 + 11);
        }
        assertThat(DatabaseHeader.parse(encrypted)).isEmpty();
    }

    @Test
    void i34WhatIsFoundInPlaceOfAHeaderIsSaid() {
        assertThat(DatabaseHeader.fault(new byte[37])).isEqualTo("it has 37 bytes");
        assertThat(DatabaseHeader.fault(bytes(header().putShort(16, (short) 3))))
                .isEqualTo("its header says 3 bytes a page");
        assertThat(DatabaseHeader.fault(new byte[100]))
                .isEqualTo("it begins with 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
        assertThat(DatabaseHeader.fault("id,note,price,when".repeat(9).getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("it begins with 69 64 2c 6e 6f 74 65 2c 70 72 69 63 65 2c 77 68 (id,note,price,wh)");
    }

    private static ByteBuffer header() {
        ByteBuffer bytes = ByteBuffer.allocate(DatabaseHeader.SIZE);
        bytes.put(0, "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII));
        return bytes.putShort(16, (short) 4096).put(18, (byte) 2).put(19, (byte) 2);
    }

    private static byte[] bytes(ByteBuffer header) {
        byte[] bytes = new byte[DatabaseHeader.SIZE];
        header.get(0, bytes);
        return bytes;
    }

    private static DatabaseHeader parse(ByteBuffer header) {
        return DatabaseHeader.parse(bytes(header)).orElseThrow();
    }
}

package dev.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.platform.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecognisingStoreTest {
    private final MemoryStore memory = new MemoryStore(Clock.system());
    private final ObjectStore store = new RecognisingStore(memory);

    private void put(byte[] content) throws StoreException {
        memory.put("key", new Bytes(content), PutOptions.replace(Instant.EPOCH));
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bytes(byte[] content) implements Body {
        @Override
        public OptionalLong length() {
            return OptionalLong.of(content.length);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(content);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "age-encryption.org/v1\n-> X25519 a\n",
                "-----BEGIN AGE ENCRYPTED FILE-----\n",
                "-----BEGIN PGP MESSAGE-----\n",
                "Salted__12345678"
            })
    void i55WhatIsEncryptedIsAnErrorOfItsOwn(String content) throws StoreException {
        put(content.getBytes(StandardCharsets.US_ASCII));
        assertThatExceptionOfType(StoreException.Encryption.class)
                .isThrownBy(() -> store.open("key", ByteRange.ALL))
                .withMessageContaining("key")
                .withMessageContaining("encrypted");
        assertThatExceptionOfType(StoreException.Encryption.class)
                .isThrownBy(() -> store.open("key", new ByteRange(0, 100)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1f8b0800", "28b52ffd00", "fd377a585a00", "504b030414"})
    void i55WhatIsPackedByAnotherProgramIsToo(String hex) throws StoreException {
        put(HexFormat.of().parseHex(hex));
        assertThatExceptionOfType(StoreException.Encryption.class).isThrownBy(() -> store.open("key", ByteRange.ALL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "LTX1", "age-encryption.or", "anything else that is longer than the longest start"})
    void everythingElseIsReadAsItIs(String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        put(bytes);
        try (InputStream in = store.open("key", ByteRange.ALL)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        try (InputStream in = store.open("key", new ByteRange(0, 3))) {
            assertThat(in.readAllBytes()).hasSize(Math.min(3, bytes.length));
        }
    }

    @Test
    void theMiddleOfAnObjectIsGivenOut() throws IOException {
        put("age-encryption.org/v1".getBytes(StandardCharsets.US_ASCII));
        try (InputStream in = store.open("key", new ByteRange(4, 10))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("encryption");
        }
    }
}

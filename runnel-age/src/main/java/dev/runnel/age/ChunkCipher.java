package dev.runnel.age;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.OptionalInt;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and decrypts with ChaCha20-Poly1305: chunks of a payload, each under its number and whether it is the last, so
 * that none can be left out, swapped or added. For one thread at a time.
 */
final class ChunkCipher {
    /** Bytes of content in each chunk but the last. */
    static final int CHUNK = 64 * 1024;

    /** What a chunk is longer when it is encrypted. */
    static final int TAG = 16;

    /** Bytes of a whole chunk as it is stored. */
    static final int STORED = CHUNK + TAG;

    private static final int NONCE = 12;

    private final SecretKeySpec key;
    private final Cipher cipher;

    ChunkCipher(byte[] key) {
        this.key = new SecretKeySpec(key, "ChaCha20");
        try {
            this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no ChaCha20-Poly1305", e);
        }
    }

    /** Which chunk of a payload it is. */
    record Place(long number, End end) {
        /** Whether more chunks follow. */
        enum End {
            MORE,
            LAST
        }

        /** Where a key is used once only. */
        static final Place ONLY = new Place(0, End.MORE);

        private IvParameterSpec nonce() {
            ByteBuffer nonce = ByteBuffer.allocate(NONCE);
            nonce.putLong(NONCE - 1 - Long.BYTES, number);
            nonce.put(NONCE - 1, (byte) (end == End.LAST ? 1 : 0));
            return new IvParameterSpec(nonce.array());
        }
    }

    /** Encrypts some bytes, and returns how many they have become. */
    int encrypt(Place place, byte[] from, int length, byte[] into) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, place.nonce());
            return cipher.doFinal(from, 0, length, into);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a chunk cannot be encrypted", e);
        }
    }

    /** Decrypts some bytes, and returns how many they have become; empty if they are not what was encrypted there. */
    OptionalInt decrypt(Place place, byte[] from, int length, byte[] into) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, place.nonce());
            return OptionalInt.of(cipher.doFinal(from, 0, length, into));
        } catch (AEADBadTagException _) {
            return OptionalInt.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a chunk cannot be decrypted", e);
        }
    }
}

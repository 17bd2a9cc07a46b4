package dev.runnel.age;

import com.exceptionfactory.jagged.framework.crypto.ByteBufferCipherFactory;
import com.exceptionfactory.jagged.framework.crypto.CipherKey;
import com.exceptionfactory.jagged.framework.crypto.StandardByteBufferCipherFactory;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.OptionalInt;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.IvParameterSpec;

/**
 * Decrypts any chunk of a payload, each under its number and whether it is the last, so that a chunk that was left out,
 * swapped or added is detected.
 */
final class ChunkCipher {
    /** Bytes of content in each chunk but the last. */
    static final int CHUNK = 64 * 1024;

    /** What a chunk is longer when it is encrypted. */
    static final int TAG = 16;

    /** Bytes of a whole chunk as it is stored. */
    static final int STORED = CHUNK + TAG;

    private static final int NONCE = 12;

    private static final ByteBufferCipherFactory CIPHERS = new StandardByteBufferCipherFactory();

    private final CipherKey key;

    ChunkCipher(CipherKey key) {
        this.key = key;
    }

    /** Which chunk of a payload it is. */
    record Place(long number, End end) {
        /** Whether more chunks follow. */
        enum End {
            MORE,
            LAST
        }

        private IvParameterSpec nonce() {
            ByteBuffer nonce = ByteBuffer.allocate(NONCE);
            nonce.putLong(NONCE - 1 - Long.BYTES, number);
            nonce.put(NONCE - 1, (byte) (end == End.LAST ? 1 : 0));
            return new IvParameterSpec(nonce.array());
        }
    }

    /** Decrypts some bytes, and returns how many they have become; empty if they are not what was encrypted there. */
    OptionalInt decrypt(Place place, byte[] from, int length, byte[] into) {
        try {
            return OptionalInt.of(CIPHERS.newByteBufferDecryptor(key, place.nonce())
                    .decrypt(ByteBuffer.wrap(from, 0, length), ByteBuffer.wrap(into)));
        } catch (AEADBadTagException _) {
            return OptionalInt.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a chunk cannot be decrypted", e);
        }
    }
}

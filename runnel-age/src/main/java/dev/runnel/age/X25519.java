package dev.runnel.age;

import dev.runnel.platform.Entropy;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/** Multiplication on Curve25519 (RFC 7748), points and scalars as 32 bytes, lowest first. */
final class X25519 {
    static final int SIZE = 32;

    private static final byte[] BASE_POINT = new byte[SIZE];

    static {
        BASE_POINT[0] = 9;
    }

    private X25519() {}

    /** A new secret. */
    static byte[] scalar(Entropy entropy) {
        return random(entropy, SIZE);
    }

    /** So many random bytes, a multiple of eight. */
    static byte[] random(Entropy entropy, int size) {
        ByteBuffer bytes = ByteBuffer.allocate(size);
        while (bytes.hasRemaining()) {
            bytes.putLong(entropy.nextLong());
        }
        return bytes.array();
    }

    static byte[] publicKey(byte[] scalar) {
        return shared(scalar, BASE_POINT).orElseThrow();
    }

    /** The product; empty for a point of low order, with which every scalar gives the same. */
    static Optional<byte[]> shared(byte[] scalar, byte[] point) {
        try {
            KeyFactory keys = KeyFactory.getInstance("X25519");
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar)));
            agreement.doPhase(
                    keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, number(point))), true);
            return Optional.of(agreement.generateSecret());
        } catch (InvalidKeyException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no X25519", e);
        }
    }

    /** The highest bit does not count. */
    private static BigInteger number(byte[] point) {
        byte[] highestFirst = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            highestFirst[i] = point[SIZE - 1 - i];
        }
        highestFirst[0] &= 0x7f;
        return new BigInteger(1, highestFirst);
    }
}

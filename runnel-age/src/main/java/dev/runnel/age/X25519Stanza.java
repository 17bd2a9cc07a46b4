package dev.runnel.age;

import dev.runnel.platform.Entropy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A file key wrapped for an X25519 recipient. */
final class X25519Stanza {
    /** Of a file key, in bytes. */
    static final int FILE_KEY = 16;

    private static final String TYPE = "X25519";
    private static final String PURPOSE = "age-encryption.org/v1/X25519";
    private static final int BODY = FILE_KEY + ChunkCipher.TAG;

    private final byte[] share;
    private final byte[] body;

    private X25519Stanza(byte[] share, byte[] body) {
        this.share = share;
        this.body = body;
    }

    static boolean isOne(Stanza stanza) {
        return stanza.arguments().getFirst().equals(TYPE);
    }

    static X25519Stanza parse(Stanza stanza) throws HeaderException {
        if (stanza.arguments().size() != 2 || stanza.body().length != BODY) {
            throw new HeaderException.Malformed("an X25519 recipient is not written as one");
        }
        byte[] share = Stanza.decode(stanza.arguments().getLast())
                .filter(bytes -> bytes.length == X25519.SIZE)
                .orElseThrow(() -> new HeaderException.Malformed("the share of an X25519 recipient is none"));
        return new X25519Stanza(share, stanza.body());
    }

    static Stanza wrap(byte[] fileKey, Recipient recipient, Entropy entropy) {
        byte[] secret = X25519.scalar(entropy);
        byte[] share = X25519.publicKey(secret);
        byte[] point = recipient.point();
        byte[] shared = X25519.shared(secret, point)
                .orElseThrow(() -> new IllegalStateException("recipient " + recipient + " is a weak key"));
        byte[] body = new byte[BODY];
        cipher(shared, share, point).encrypt(ChunkCipher.Place.ONLY, fileKey, fileKey.length, body);
        return new Stanza(List.of(TYPE, Stanza.encode(share)), body);
    }

    /** The file key, if it was wrapped for this identity. */
    Optional<byte[]> open(Identity identity) throws HeaderException {
        byte[] shared = X25519.shared(identity.scalar(), share)
                .orElseThrow(() -> new HeaderException.Malformed("the share of an X25519 recipient is weak"));
        byte[] fileKey = new byte[FILE_KEY];
        OptionalInt length = cipher(shared, share, identity.recipient().point())
                .decrypt(ChunkCipher.Place.ONLY, body, body.length, fileKey);
        return length.isPresent() ? Optional.of(fileKey) : Optional.empty();
    }

    private static ChunkCipher cipher(byte[] shared, byte[] share, byte[] point) {
        byte[] salt = ByteBuffer.allocate(2 * X25519.SIZE).put(share).put(point).array();
        return new ChunkCipher(Keys.derive(shared, salt, PURPOSE));
    }
}

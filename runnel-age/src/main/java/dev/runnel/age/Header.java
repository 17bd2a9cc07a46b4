package dev.runnel.age;

import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** The start of an age file, from which an identity gets the key of the rest. */
final class Header {
    /** How every age file starts. */
    static final String VERSION = "age-encryption.org/v1\n";

    /** How the last line starts. */
    static final String END = "---";

    private static final byte[] NO_SALT = {};

    private final byte[] bytes;
    private final int authenticated;
    private final List<Stanza> stanzas;
    private final byte[] mac;

    /**
     * @param bytes all of it
     * @param authenticated how many of the bytes the code at the end vouches for
     * @param mac that code
     */
    Header(byte[] bytes, int authenticated, List<Stanza> stanzas, byte[] mac) {
        this.bytes = bytes;
        this.authenticated = authenticated;
        this.stanzas = List.copyOf(stanzas);
        this.mac = mac;
    }

    /** In bytes. */
    int length() {
        return bytes.length;
    }

    /** The key of the payload, whose nonce follows the header. */
    byte[] payloadKey(List<Identity> identities, byte[] nonce) throws HeaderException {
        if (identities.isEmpty()) {
            throw new HeaderException.NoIdentity();
        }
        byte[] fileKey = fileKey(identities);
        byte[] expected = mac(fileKey, bytes, authenticated);
        if (!MessageDigest.isEqual(mac, expected)) {
            throw new HeaderException.Malformed("its authentication code is wrong");
        }
        return payloadKey(fileKey, nonce);
    }

    private byte[] fileKey(List<Identity> identities) throws HeaderException {
        Optional<byte[]> found = Optional.empty();
        for (Stanza stanza : stanzas) {
            if (X25519Stanza.isOne(stanza)) {
                X25519Stanza wrapped = X25519Stanza.parse(stanza);
                for (Identity identity : identities) {
                    Optional<byte[]> fileKey = wrapped.open(identity);
                    found = found.isPresent() ? found : fileKey;
                }
            }
        }
        return found.orElseThrow(HeaderException.NoMatch::new);
    }

    static byte[] mac(byte[] fileKey, byte[] header, int length) {
        return Keys.authenticate(Keys.derive(fileKey, NO_SALT, "header"), header, length);
    }

    static byte[] payloadKey(byte[] fileKey, byte[] nonce) {
        return Keys.derive(fileKey, nonce, "payload");
    }
}

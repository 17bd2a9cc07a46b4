package dev.runnel.age;

import dev.runnel.platform.Entropy;
import java.util.Locale;

/** A secret key, to decrypt with: {@code AGE-SECRET-KEY-1...}. It does not print itself. */
public final class Identity {
    private static final String PREFIX = "AGE-SECRET-KEY-";

    private final byte[] scalar;
    private final Recipient recipient;

    private Identity(byte[] scalar) {
        this.scalar = scalar.clone();
        this.recipient = new Recipient(X25519.publicKey(scalar));
    }

    /** @throws AgeKeyException if the text is not an X25519 identity; the message does not repeat it */
    public static Identity parse(String text) throws AgeKeyException {
        byte[] scalar = Bech32.decode(PREFIX, text)
                .filter(bytes -> bytes.length == X25519.SIZE)
                .orElseThrow(() -> new AgeKeyException(
                        "an age identity is not one (its text is not shown, for it may be a secret)",
                        "An identity is the text that starts with AGE-SECRET-KEY-1, as age-keygen prints it; a file is"
                                + " not read from here, put the text itself in, or a variable that holds it."));
        return new Identity(scalar);
    }

    /** A new key. */
    public static Identity generate(Entropy entropy) {
        return new Identity(X25519.scalar(entropy));
    }

    /** The public key that belongs to it. */
    public Recipient recipient() {
        return recipient;
    }

    /** The secret as text, as {@link #parse} takes it. */
    public String secretText() {
        return Bech32.encode(PREFIX.toLowerCase(Locale.ROOT), scalar).toUpperCase(Locale.ROOT);
    }

    byte[] scalar() {
        return scalar.clone();
    }

    @Override
    public String toString() {
        return "identity of " + recipient;
    }
}

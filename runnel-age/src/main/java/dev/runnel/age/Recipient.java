package dev.runnel.age;

import java.util.Arrays;

/** A public key, to encrypt to: {@code age1...}. */
public final class Recipient {
    private static final String PREFIX = "age";

    private final byte[] point;

    Recipient(byte[] point) {
        this.point = point.clone();
    }

    /** @throws AgeKeyException if the text is not an X25519 recipient */
    public static Recipient parse(String text) throws AgeKeyException {
        byte[] point = Bech32.decode(PREFIX, text)
                .filter(bytes -> bytes.length == X25519.SIZE)
                .filter(bytes -> X25519.shared(new byte[X25519.SIZE], bytes).isPresent())
                .orElseThrow(() -> new AgeKeyException(
                        (isSecret(text) ? "a secret key (not shown)" : "\"" + text + "\"") + " is not an age recipient",
                        "A recipient is the text that starts with age1, as age-keygen prints it; files, SSH keys and"
                                + " passphrases are not supported."));
        return new Recipient(point);
    }

    byte[] point() {
        return point.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Recipient recipient && Arrays.equals(point, recipient.point);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(point);
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return Bech32.encode(PREFIX, point);
    }

    /** An identity in the place of a recipient must not end in a log. */
    private static boolean isSecret(String text) {
        return text.strip().regionMatches(true, 0, "AGE-SECRET-KEY", 0, "AGE-SECRET-KEY".length());
    }
}

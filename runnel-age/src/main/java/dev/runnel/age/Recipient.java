package dev.runnel.age;

import com.exceptionfactory.jagged.FileKey;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import java.security.GeneralSecurityException;

/** A public key, to encrypt to: {@code age1...}. */
public final class Recipient {
    private final String text;
    private final RecipientStanzaWriter writer;

    private Recipient(String text, RecipientStanzaWriter writer) {
        this.text = text;
        this.writer = writer;
    }

    /** @throws AgeKeyException if the text is not an X25519 recipient */
    public static Recipient parse(String text) throws AgeKeyException {
        try {
            RecipientStanzaWriter writer = X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(text);
            // Wrapping a key refuses a point of low order, with which every secret gives the same.
            writer.getRecipientStanzas(new FileKey());
            return new Recipient(text, writer);
        } catch (GeneralSecurityException | RuntimeException _) {
            throw new AgeKeyException(
                    (isSecret(text) ? "a secret key (not shown)" : "\"" + text + "\"") + " is not an age recipient",
                    "A recipient is the text that starts with age1, as age-keygen prints it; files, SSH keys,"
                            + " passphrases and post-quantum keys (age1pq1) are not supported.");
        }
    }

    RecipientStanzaWriter writer() {
        return writer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Recipient recipient && text.equals(recipient.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return text;
    }

    /** An identity in the place of a recipient must not end in a log. */
    private static boolean isSecret(String text) {
        return text.strip().regionMatches(true, 0, "AGE-SECRET-KEY", 0, "AGE-SECRET-KEY".length());
    }
}

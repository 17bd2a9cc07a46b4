package dev.runnel.age;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.x25519.X25519KeyFactory;
import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.spec.SecretKeySpec;

/** A secret key, to decrypt with: {@code AGE-SECRET-KEY-1...}. It does not print itself. */
public final class Identity {
    private final String secret;
    private final RecipientStanzaReader reader;
    private final Recipient recipient;

    private Identity(String secret, RecipientStanzaReader reader, Recipient recipient) {
        this.secret = secret;
        this.reader = reader;
        this.recipient = recipient;
    }

    /** @throws AgeKeyException if the text is not an X25519 identity; the message does not repeat it */
    public static Identity parse(String text) throws AgeKeyException {
        try {
            SecretKeySpec secret = new SecretKeySpec(text.getBytes(StandardCharsets.US_ASCII), "X25519");
            String recipient = new X25519KeyFactory().translateKey(secret).toString();
            return new Identity(
                    text,
                    X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(text),
                    Recipient.parse(recipient));
        } catch (GeneralSecurityException | RuntimeException _) {
            // The cause is left out, since the library's messages name parts of the text.
            throw new AgeKeyException(
                    "this is not an age identity (its text is not shown, because it may be a secret)",
                    "An identity is the text that starts with AGE-SECRET-KEY-1, as age-keygen prints it. Put the text"
                            + " itself in, or a variable that holds it; files, SSH keys, passphrases and post-quantum"
                            + " keys are not supported.");
        }
    }

    /** A new key. */
    public static Identity generate() {
        try {
            return parse(
                    new X25519KeyPairGenerator().generateKeyPair().getPrivate().toString());
        } catch (NoSuchAlgorithmException | AgeKeyException e) {
            throw new IllegalStateException("this JDK makes no X25519 keys", e);
        }
    }

    /** The public key that belongs to it. */
    public Recipient recipient() {
        return recipient;
    }

    /** The secret as text, as {@link #parse} takes it. */
    public String secretText() {
        return secret;
    }

    RecipientStanzaReader reader() {
        return reader;
    }

    @Override
    public String toString() {
        return "identity of " + recipient;
    }
}

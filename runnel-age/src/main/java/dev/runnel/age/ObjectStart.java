package dev.runnel.age;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.UnsupportedRecipientStanzaException;
import com.exceptionfactory.jagged.framework.crypto.CipherKey;
import com.exceptionfactory.jagged.framework.format.PayloadKeyReader;
import com.exceptionfactory.jagged.framework.format.StandardPayloadKeyReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;

/** The first bytes of an encrypted object: header, nonce, and what was read beyond. */
final class ObjectStart {
    private static final PayloadKeyReader KEYS = new StandardPayloadKeyReader();

    /** A file with such a recipient has no other, and identities do not open it. */
    private static final String PASSPHRASE = "scrypt";

    private static final String X25519 = "X25519";

    private final Header header;
    private final byte[] bytes;

    private ObjectStart(Header header, byte[] bytes) {
        this.header = header;
        this.bytes = bytes;
    }

    /**
     * Reads a start of at most so many bytes; empty if header and nonce need more.
     *
     * @throws HeaderException if it is no header
     */
    static Optional<ObjectStart> read(InputStream in, int room) throws IOException {
        byte[] bytes = in.readNBytes(room);
        Optional<ObjectStart> start = Header.find(bytes)
                .map(header -> new ObjectStart(header, bytes))
                .filter(found -> found.length() <= bytes.length);
        if (start.isEmpty() && bytes.length < room) {
            throw new HeaderException.Malformed("the object ends within it, after " + bytes.length + " bytes");
        }
        return start;
    }

    /** Of header and nonce, in bytes. The chunks come next. */
    int length() {
        return header.length() + Sizes.NONCE;
    }

    /**
     * The key of the chunks.
     *
     * @throws HeaderException if none of the identities opens the header, or if it is not authentic
     */
    CipherKey payloadKey(List<Identity> identities) throws HeaderException {
        if (header.recipientTypes().contains(PASSPHRASE)) {
            throw new HeaderException.Passphrase();
        }
        if (identities.isEmpty()) {
            throw new HeaderException.NoIdentity();
        }
        List<RecipientStanzaReader> readers =
                identities.stream().map(Identity::reader).toList();
        ByteBuffer start = ByteBuffer.wrap(bytes, 0, length());
        CipherKey key;
        try {
            key = KEYS.getPayloadKey(start, readers);
        } catch (GeneralSecurityException e) {
            throw fault(e);
        } catch (IOException | RuntimeException e) {
            // Of bytes that are not a header the library throws what its buffers and decoders throw.
            throw new HeaderException.Malformed("it cannot be parsed (" + e + ")");
        }
        if (start.hasRemaining()) {
            throw new HeaderException.Malformed("it ends before its last line");
        }
        return key;
    }

    /** A header that no identity opens gives one failure for each identity and each recipient. */
    private HeaderException fault(GeneralSecurityException fault) {
        Optional<Throwable> other = failures(fault)
                .filter(failure -> !(failure instanceof AEADBadTagException))
                .findFirst();
        if (other.isEmpty()
                || (other.get() instanceof UnsupportedRecipientStanzaException
                        && !header.recipientTypes().contains(X25519))) {
            return new HeaderException.NoMatch();
        }
        return new HeaderException.Malformed(
                other.get() instanceof SignatureException
                        ? "its authentication code is wrong"
                        : String.valueOf(other.get().getMessage()));
    }

    private static Stream<Throwable> failures(Throwable fault) {
        Throwable[] parts = fault.getSuppressed();
        return parts.length == 0 ? Stream.of(fault) : Stream.of(parts).flatMap(ObjectStart::failures);
    }

    /** The chunks, given the stream that this start was read from. */
    InputStream chunks(InputStream in) {
        return new SequenceInputStream(new ByteArrayInputStream(bytes, length(), bytes.length - length()), in);
    }
}

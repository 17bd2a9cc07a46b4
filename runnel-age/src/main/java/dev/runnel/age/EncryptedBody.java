package dev.runnel.age;

import dev.runnel.store.Body;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalLong;

/** Encrypts a body as it is written, under a new key each time it is. */
final class EncryptedBody implements Body {
    private final Body content;
    private final List<Recipient> recipients;
    private final int startLength;
    private volatile long written;

    /** @param startLength bytes of header and nonce */
    EncryptedBody(Body content, List<Recipient> recipients, int startLength) {
        this.content = content;
        this.recipients = recipients;
        this.startLength = startLength;
    }

    @Override
    public OptionalLong length() {
        OptionalLong length = content.length();
        return length.isPresent()
                ? OptionalLong.of(startLength + Sizes.chunks(length.getAsLong()))
                : OptionalLong.empty();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        EncryptingOutput encrypting = new EncryptingOutput(out, recipients);
        content.writeTo(encrypting);
        encrypting.finish();
        written = encrypting.taken();
        long claimed = content.length().orElse(written);
        if (claimed != written) {
            throw new IOException("it is " + claimed + " bytes long, but " + written + " were read");
        }
    }

    /** Bytes of content that the last writing gave. */
    long written() {
        return written;
    }
}

package dev.runnel.age;

import dev.runnel.store.Body;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** Encrypts a body as it is written, under a new key each time it is. */
final class EncryptedBody implements Body {
    private final Body content;
    private final HeaderWriter headers;
    private volatile long written;

    EncryptedBody(Body content, HeaderWriter headers) {
        this.content = content;
        this.headers = headers;
    }

    @Override
    public OptionalLong length() {
        OptionalLong length = content.length();
        return length.isPresent()
                ? OptionalLong.of(headers.length() + Sizes.chunks(length.getAsLong()))
                : OptionalLong.empty();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        HeaderWriter.Start start = headers.start();
        out.write(start.bytes());
        EncryptingOutput encrypting = new EncryptingOutput(out, new ChunkCipher(start.payloadKey()));
        content.writeTo(encrypting);
        encrypting.finish();
        written = encrypting.taken();
        long claimed = content.length().orElse(written);
        if (claimed != written) {
            throw new IOException("it is " + claimed + " bytes long and gave " + written);
        }
    }

    /** Bytes of content that the last writing gave. */
    long written() {
        return written;
    }
}

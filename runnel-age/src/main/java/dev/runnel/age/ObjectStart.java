package dev.runnel.age;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Optional;

/** The first bytes of an encrypted object: header, nonce, and what was read beyond. */
final class ObjectStart {
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
        Optional<ObjectStart> start = HeaderParser.parse(bytes)
                .map(header -> new ObjectStart(header, bytes))
                .filter(found -> found.length() <= bytes.length);
        if (start.isEmpty() && bytes.length < room) {
            throw new HeaderException.Malformed("the object ends within it, after " + bytes.length + " bytes");
        }
        return start;
    }

    Header header() {
        return header;
    }

    /** Of header and nonce, in bytes. The chunks come next. */
    int length() {
        return header.length() + Sizes.NONCE;
    }

    byte[] nonce() {
        return Arrays.copyOfRange(bytes, header.length(), length());
    }

    /** The chunks, given the stream that this start was read from. */
    InputStream chunks(InputStream in) {
        return new SequenceInputStream(new ByteArrayInputStream(bytes, length(), bytes.length - length()), in);
    }
}

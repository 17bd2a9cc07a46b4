package dev.runnel.age;

import com.exceptionfactory.jagged.EncryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * Writes header and nonce, under a key that nothing else has, and encrypts what is written after it. Closing it does
 * nothing, so that content whose source failed does not get an end: only {@link #finish} writes the last chunk.
 */
final class EncryptingOutput extends OutputStream {
    private static final EncryptingChannelFactory CHANNELS = new StandardEncryptingChannelFactory();

    private final OutputStream out;
    private final WritableByteChannel encrypting;
    private long taken;

    EncryptingOutput(OutputStream out, List<Recipient> recipients) throws IOException {
        this.out = out;
        try {
            this.encrypting = CHANNELS.newEncryptingChannel(
                    new Sink(out), recipients.stream().map(Recipient::writer).toList());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key can be wrapped for the age recipients", e);
        }
    }

    /** Bytes of header and nonce, which are as many for every object with these recipients. */
    static int startLength(List<Recipient> recipients) {
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        try (EncryptingOutput _ = new EncryptingOutput(start, recipients)) {
            return start.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Passes on whole chunks as they are encrypted, and stays open. */
    private record Sink(OutputStream out) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            int length = bytes.remaining();
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
            bytes.position(bytes.limit());
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        taken += encrypting.write(ByteBuffer.wrap(bytes, offset, length));
    }

    /** Passes on what is encrypted. A chunk that is not full waits for more, or for the end. */
    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** Writes the last chunk. Nothing may be written afterwards. */
    void finish() throws IOException {
        encrypting.close();
    }

    /** Bytes of content so far. */
    long taken() {
        return taken;
    }
}

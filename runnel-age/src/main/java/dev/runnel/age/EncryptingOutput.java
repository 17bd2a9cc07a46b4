package dev.runnel.age;

import dev.runnel.age.ChunkCipher.Place;
import java.io.IOException;
import java.io.OutputStream;

/** Encrypts what is written to it, chunk by chunk. */
final class EncryptingOutput extends OutputStream {
    private final OutputStream out;
    private final ChunkCipher cipher;
    private final byte[] chunk = new byte[ChunkCipher.CHUNK];
    private final byte[] encrypted = new byte[ChunkCipher.STORED];
    private int held;
    private long number;

    EncryptingOutput(OutputStream out, ChunkCipher cipher) {
        this.out = out;
        this.cipher = cipher;
    }

    @Override
    public void write(int octet) throws IOException {
        makeRoom();
        chunk[held++] = (byte) octet;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            makeRoom();
            int count = Math.min(left, chunk.length - held);
            System.arraycopy(bytes, from, chunk, held, count);
            held += count;
            from += count;
            left -= count;
        }
    }

    /** Passes on what is encrypted. A chunk that is not full waits for more, or for the end. */
    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** Writes the last chunk. Nothing may be written afterwards. */
    void finish() throws IOException {
        write(Place.End.LAST);
    }

    /** Bytes of content so far. */
    long taken() {
        return number * ChunkCipher.CHUNK + held;
    }

    /** A full chunk is written only when there is more, since the last one is encrypted differently. */
    private void makeRoom() throws IOException {
        if (held == chunk.length) {
            write(Place.End.MORE);
            held = 0;
            number++;
        }
    }

    private void write(Place.End end) throws IOException {
        int length = cipher.encrypt(new Place(number, end), chunk, held, encrypted);
        out.write(encrypted, 0, length);
    }
}

package dev.runnel.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** SHA-256 of the start of an object, of its end and of all of it, in hex digits, computed as its bytes pass. */
final class Digests {
    /**
     * How many bytes the start of an object has. The header of an age file has the first recipient's share of its key within
     * them; and what is left of an object that was cut short can still be told from an object of another writer.
     */
    static final int START = 128;

    /** How many bytes the end of an object has, if there are so many. */
    static final int END = 4096;

    /** Of a digest, in bytes. */
    static final int SIZE = 32;

    private final MessageDigest start = sha256();
    private final MessageDigest whole = sha256();
    private final byte[] end = new byte[END];
    private int held;
    private long size;

    void update(byte[] bytes, int offset, int length) {
        if (size < START) {
            start.update(bytes, offset, (int) Math.min(length, START - size));
        }
        whole.update(bytes, offset, length);
        size += length;
        int taken = Math.min(length, END);
        int kept = Math.min(held, END - taken);
        System.arraycopy(end, held - kept, end, 0, kept);
        System.arraycopy(bytes, offset + length - taken, end, kept, taken);
        held = kept + taken;
    }

    /** What has passed, as an upload. To be called once. */
    Upload upload(Optional<PutOptions.Label> label) {
        MessageDigest last = sha256();
        last.update(end, 0, held);
        HexFormat hex = HexFormat.of();
        return new Upload(
                size,
                hex.formatHex(start.digest()),
                hex.formatHex(last.digest()),
                hex.formatHex(whole.digest()),
                label);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}

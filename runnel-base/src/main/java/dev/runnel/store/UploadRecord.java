package dev.runnel.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/** One entry of an {@link UploadJournal}: an attempt to store an object, or that the object was deleted. */
final class UploadRecord {
    private static final int KEY = 16;
    private static final int CRC = 4;
    private static final int FLAGS = 4;

    /** In bytes. */
    static final int SIZE = KEY + 8 + 3 * Digests.SIZE + 2 * 8 + FLAGS + CRC;

    private static final int LABELLED = 1;
    private static final long REMOVED = -1;
    private static final String NO_DIGEST = "00".repeat(Digests.SIZE);

    private final byte[] key;
    private final Upload upload;

    private UploadRecord(byte[] key, Upload upload) {
        this.key = key;
        this.upload = upload;
    }

    static UploadRecord of(String key, Upload upload) {
        return new UploadRecord(keyOf(key), upload);
    }

    static UploadRecord removal(String key) {
        return of(key, new Upload(REMOVED, NO_DIGEST, NO_DIGEST, NO_DIGEST, Optional.empty()));
    }

    /** What a key is recorded as: keys have any length. */
    static byte[] keyOf(String key) {
        return Arrays.copyOf(Digests.sha256().digest(key.getBytes(StandardCharsets.UTF_8)), KEY);
    }

    static long hashOf(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    boolean isOf(byte[] other) {
        return Arrays.equals(key, other);
    }

    long hash() {
        return hashOf(key);
    }

    Upload upload() {
        return upload;
    }

    boolean isRemoval() {
        return upload.size() == REMOVED;
    }

    void putTo(ByteBuffer out) {
        int start = out.position();
        PutOptions.Label label = upload.label().orElse(new PutOptions.Label(0, 0));
        out.put(key).putLong(upload.size());
        out.put(HexFormat.of().parseHex(upload.start()));
        out.put(HexFormat.of().parseHex(upload.end()));
        out.put(HexFormat.of().parseHex(upload.whole()));
        out.putLong(label.first()).putLong(label.second());
        out.putInt(upload.label().isPresent() ? LABELLED : 0);
        out.putInt(crc(out.array(), out.arrayOffset() + start));
    }

    /** The entry at a buffer's position, which is moved behind it; empty if it is not as it was written. */
    static Optional<UploadRecord> read(ByteBuffer in) {
        int crc = crc(in.array(), in.arrayOffset() + in.position());
        byte[] key = new byte[KEY];
        in.get(key);
        long size = in.getLong();
        String start = digest(in);
        String end = digest(in);
        String whole = digest(in);
        PutOptions.Label label = new PutOptions.Label(in.getLong(), in.getLong());
        boolean isLabelled = in.getInt() == LABELLED;
        if (in.getInt() != crc) {
            return Optional.empty();
        }
        Upload upload = new Upload(size, start, end, whole, isLabelled ? Optional.of(label) : Optional.empty());
        return Optional.of(new UploadRecord(key, upload));
    }

    private static String digest(ByteBuffer in) {
        byte[] digest = new byte[Digests.SIZE];
        in.get(digest);
        return HexFormat.of().formatHex(digest);
    }

    private static int crc(byte[] bytes, int start) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, SIZE - CRC);
        return (int) crc.getValue();
    }
}

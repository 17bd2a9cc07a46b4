package dev.runnel.sqlite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The first 100 bytes of a database file (SQLite file format, section 1.3).
 *
 * @param pageSize in bytes
 * @param isWal whether the header tells readers and writers to use a WAL
 * @param changeCounter counts transactions in rollback mode
 * @param pageCount size in pages; trusted by SQLite only if the next field equals the change counter
 * @param validFor the change counter for which {@code pageCount} was written
 * @param writerVersion version of the SQLite library that wrote last, such as 3051003
 */
public record DatabaseHeader(
        int pageSize, boolean isWal, int changeCounter, int pageCount, int validFor, int writerVersion) {
    /** In bytes. */
    public static final int SIZE = 100;

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    /** Reads a header; empty if it is none. */
    public static Optional<DatabaseHeader> parse(byte[] bytes) {
        if (bytes.length < SIZE || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int pageSize = pageSize(bytes);
        if (pageSize < 512 || Integer.bitCount(pageSize) != 1) {
            return Optional.empty();
        }
        return Optional.of(new DatabaseHeader(
                pageSize,
                bytes[18] == 2 && bytes[19] == 2,
                in.getInt(24),
                in.getInt(28),
                in.getInt(92),
                in.getInt(96)));
    }

    /** Why bytes that could not be parsed are no header, as the end of a sentence. */
    static String fault(byte[] bytes) {
        if (bytes.length < SIZE) {
            return "it has " + bytes.length + " bytes";
        }
        if (Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return "its header says " + pageSize(bytes) + " bytes a page";
        }
        String start = HexFormat.ofDelimiter(" ").formatHex(bytes, 0, MAGIC.length);
        String text = new String(bytes, 0, MAGIC.length, StandardCharsets.US_ASCII);
        boolean readable = text.chars().allMatch(c -> c >= ' ' && c <= '~');
        return "it begins with " + start + (readable ? " (" + text + ")" : "");
    }

    private static int pageSize(byte[] bytes) {
        int stored = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(16));
        return stored == 1 ? 65536 : stored;
    }

    /** Whether the library that wrote last can lose frames when two checkpoints and a writer meet. */
    public boolean isWriterFaulty() {
        return writerVersion != 0 && writerVersion < SqliteLibrary.FIRST_SOUND;
    }

    /** The version in SQLite's own spelling. */
    public String writerVersionText() {
        return writerVersion / 1_000_000 + "." + writerVersion / 1000 % 1000 + "." + writerVersion % 1000;
    }
}

package dev.runnel.testkit.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads an LTX file strictly, from {@code docs/formats.md} alone: nothing here comes from the code it judges. What is
 * wrong with a file is an {@link AssertionError} that names the file and what was found.
 */
public final class LtxOracle {
    private static final int MAGIC = 0x4C545831;
    private static final int PROOF_TAG = 0x524E4C32;
    private static final int HEADER = 100;
    private static final int TRAILER = 16;
    private static final int NO_CHECKSUM = 2;

    private final byte[] bytes;
    private final ByteBuffer in;
    private final Crc64 fileChecksum = new Crc64();
    private final SortedMap<Integer, byte[]> pages = new TreeMap<>();
    private final SortedMap<Integer, long[]> places = new TreeMap<>();
    private int pageSize;
    private int commit;
    private int flags;
    private long minTxid;
    private long maxTxid;

    private LtxOracle(byte[] bytes) {
        this.bytes = bytes;
        this.in = ByteBuffer.wrap(bytes);
    }

    public static LtxContent read(Path file) {
        try {
            return read(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file that is in memory; {@code name} is for messages. */
    public static LtxContent read(byte[] bytes, String name) {
        try {
            return new LtxOracle(bytes).read();
        } catch (Lz4.Fault | ArithmeticException e) {
            throw new AssertionError(name + ": " + e.getMessage(), e);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new AssertionError(name + ": cut short, " + bytes.length + " bytes", e);
        }
    }

    /** The page that SQLite keeps its locks in and that is never stored. */
    static int lockPage(int pageSize) {
        return 0x40000000 / pageSize + 1;
    }

    private LtxContent read() {
        require(in.getInt() == MAGIC, "does not begin with LTX1");
        flags = in.getInt();
        pageSize = in.getInt();
        commit = in.getInt();
        minTxid = in.getLong();
        maxTxid = in.getLong();
        long timestamp = in.getLong();
        long preChecksum = in.getLong();
        long walOffset = in.getLong();
        long walSize = in.getLong();
        long salts = in.getLong();
        checkHeader(preChecksum, walOffset, walSize, salts);
        in.getLong();
        boolean hasProof = in.getInt() == PROOF_TAG;
        long proof = in.getLong();
        long lineage = in.getLong();
        require(!hasProof || proof < 0, "a proof without its top bit");
        fileChecksum.add(bytes, 0, HEADER);
        readPages();
        readIndex();
        readTrailer();
        require(!hasProof || minTxid != 1 || proof == DatabaseSum.of(pages), "the proof does not match the pages");
        return new LtxContent(
                pageSize,
                commit,
                minTxid,
                maxTxid,
                timestamp,
                pages,
                hasProof ? OptionalLong.of(proof) : OptionalLong.empty(),
                hasProof ? lineage : 0,
                fileChecksum.stored());
    }

    private void checkHeader(long preChecksum, long walOffset, long walSize, long salts) {
        require((flags & ~NO_CHECKSUM) == 0, "unknown header flags " + flags);
        require(pageSize >= 512 && pageSize <= 65536 && Integer.bitCount(pageSize) == 1, "page size " + pageSize);
        require(commit >= 0, "more than 2^31 pages");
        require(minTxid > 0 && minTxid <= maxTxid, "TXIDs " + minTxid + " to " + maxTxid);
        require(walOffset >= 0 && walSize >= 0, "negative place in the WAL");
        require(salts == 0 || walOffset != 0, "salts without a place in the WAL");
        require(walOffset != 0 || walSize == 0, "a size in the WAL without a place");
        boolean tracked = minTxid != 1 && (flags & NO_CHECKSUM) == 0;
        require(tracked ? preChecksum < 0 : preChecksum == 0, "checksum before the file");
    }

    private void readPages() {
        int lockPage = lockPage(pageSize);
        int previous = 0;
        while (true) {
            int start = in.position();
            int number = in.getInt();
            int pageFlags = in.getShort();
            fileChecksum.add(bytes, start, in.position());
            if (number == 0) {
                require(pageFlags == 0, "flags on the end of the pages");
                break;
            }
            require((pageFlags & ~1) == 0, "unknown flags on page " + number);
            require(number > previous && number <= commit, "page " + number + " after " + previous + " of " + commit);
            require(number != lockPage, "the lock page is stored");
            byte[] page = pageFlags == 1 ? readBlock() : Lz4.frame(in, pageSize);
            fileChecksum.add(page);
            pages.put(number, page);
            places.put(number, new long[] {start, in.position() - start});
            previous = number;
        }
        if (minTxid == 1) {
            int expected = commit - (commit >= lockPage ? 1 : 0);
            require(pages.size() == expected, "a snapshot with " + pages.size() + " pages of " + expected);
        }
    }

    private byte[] readBlock() {
        int start = in.position();
        int length = in.getInt();
        require(length >= 0 && length <= pageSize + pageSize / 255 + 16, "a page compressed to " + length + " bytes");
        fileChecksum.add(bytes, start, in.position());
        byte[] block = new byte[length];
        in.get(block);
        return Lz4.block(block, pageSize);
    }

    private void readIndex() {
        int start = in.position();
        SortedMap<Integer, long[]> index = new TreeMap<>();
        int previous = 0;
        for (int number = (int) varint(); number != 0; number = (int) varint()) {
            require(number > previous, "the page index is out of order at page " + number);
            index.put(number, new long[] {varint(), varint()});
            previous = number;
        }
        int end = in.position();
        require(in.getLong() == end - start, "the page index states another size than it has");
        require(
                index.keySet().equals(places.keySet())
                        && index.keySet().stream().allMatch(n -> Arrays.equals(index.get(n), places.get(n))),
                "the page index differs from where the pages are");
        fileChecksum.add(bytes, start, in.position());
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new AssertionError("a number in the page index does not end");
    }

    private void readTrailer() {
        int start = in.position();
        long postChecksum = in.getLong();
        fileChecksum.add(bytes, start, in.position());
        require(in.getLong() == fileChecksum.stored(), "the file checksum does not match");
        require(in.position() == bytes.length, "bytes after the trailer");
        require(bytes.length >= HEADER + TRAILER, "too short");
        if ((flags & NO_CHECKSUM) != 0) {
            require(postChecksum == 0, "a database checksum where the flag says there is none");
        } else {
            require(postChecksum < 0, "the database checksum is missing");
            require(
                    minTxid != 1 || postChecksum == trackedChecksum(pages),
                    "the database checksum does not match the pages");
        }
    }

    /** The checksum of the LTX format, which Runnel does not write. */
    private static long trackedChecksum(SortedMap<Integer, byte[]> pages) {
        long sum = Crc64.FLAG;
        for (var page : pages.entrySet()) {
            sum = Crc64.FLAG | (sum ^ Crc64.ofPage(page.getKey(), page.getValue()));
        }
        return sum;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Lz4.Fault(otherwise);
        }
    }
}

package dev.runnel.log;

import dev.runnel.ltx.Crc64;
import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.store.Body;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One change set in the change log. It can be read by several threads, and as often as needed, until the log is trimmed
 * beyond it; from then on reading fails with {@link LogException.Trimmed}. Bytes that are not what was written are a
 * {@link LogException.Damaged}. The file is specified in {@code docs/formats.md}.
 */
public final class LogFile {
    private static final int CHUNK_SIZE = 64 * 1024;
    private static final String LTX_PART = "LTX bytes";

    private final Disk disk;
    private final Path path;
    private final LtxHeader header;
    private final Proof proof;
    private final LogFooter footer;

    LogFile(Disk disk, Path path, LtxHeader header, Proof proof, LogFooter footer) {
        this.disk = disk;
        this.path = path;
        this.header = header;
        this.proof = proof;
        this.footer = footer;
    }

    /** Reads header and footer of a file, and holds them against its name and size. */
    static LogFile read(Disk disk, Path path, Txid txid) throws IOException {
        byte[] head = new byte[LtxHeader.SIZE];
        byte[] foot = new byte[LogFooter.SIZE];
        long size;
        try (DiskFile file = disk.openToRead(path)) {
            size = file.size();
            if (size < LtxHeader.SIZE + LogFooter.SIZE) {
                throw new LogException.Damaged(path, "the file ends after " + size + " bytes");
            }
            file.read(ByteBuffer.wrap(head), 0);
            file.read(ByteBuffer.wrap(foot), size - LogFooter.SIZE);
        }
        LtxHeader header = parseHeader(path, head);
        Optional<LogFooter> footer = LogFooter.parse(foot);
        if (footer.isEmpty() || footer.get().ltxSize() != size - LogFooter.SIZE) {
            throw new LogException.Damaged(path, "no footer at the end of its " + size + " bytes");
        }
        if (!header.txids().isSingle() || !header.txids().min().equals(txid)) {
            throw new LogException.Damaged(path, "it holds the TXIDs " + header.txids());
        }
        Proof proof = header.proof().orElseThrow(() -> LogException.Damaged.ofAnotherVersion(path));
        return new LogFile(disk, path, header, proof, footer.get());
    }

    public Txid txid() {
        return header.txids().max();
    }

    /** When the change set was closed. */
    public Instant time() {
        return header.time();
    }

    public PageSize pageSize() {
        return header.pageSize();
    }

    /** Size of the database after the change set, in pages. */
    public int pageCount() {
        return header.commit();
    }

    public Proof proof() {
        return proof;
    }

    /** Length of the LTX bytes. */
    public long ltxSize() {
        return footer.ltxSize();
    }

    /** Where in the database's files the change set ended. */
    public SourcePosition at() {
        return footer.at();
    }

    /** What the file takes on disk, in bytes. */
    public long size() {
        return footer.ltxSize() + LogFooter.SIZE;
    }

    /**
     * The LTX bytes, as they are to be shipped. Their last part is given out only once all of them have proved to be what
     * was written, so that nothing takes damaged ones for whole.
     */
    public Body ltx() {
        return new Body() {
            @Override
            public OptionalLong length() {
                return OptionalLong.of(ltxSize());
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                copyTo(out);
            }
        };
    }

    /** The LTX bytes, unchecked: for a reader that decodes them and detects damage itself. */
    public InputStream stream() throws IOException {
        DiskFile file = open();
        return new FilterInputStream(new LogInput(file, ltxSize())) {
            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    /** Decodes all pages. They are verified to be whole and right when this method returns, and not before. */
    public void readPages(PageSink sink) throws IOException {
        try (DiskFile file = open()) {
            LtxDecoder.open(LTX_PART, new LogInput(file, ltxSize())).readTo(sink);
        } catch (LtxException e) {
            throw new LogException.Damaged(path, e);
        }
    }

    /** Reads all bytes to see that they are what was written. */
    void verify() throws IOException {
        copyTo(OutputStream.nullOutputStream());
    }

    private void copyTo(OutputStream out) throws IOException {
        try (DiskFile file = open()) {
            InputStream in = new LogInput(file, ltxSize());
            byte[] chunk = new byte[(int) Math.min(CHUNK_SIZE, ltxSize())];
            long checksum = 0;
            for (long left = ltxSize(); left > 0; ) {
                int length = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, left));
                checksum = Crc64.update(checksum, chunk, 0, length);
                left -= length;
                boolean wrong = left == 0 && checksum != footer.ltxChecksum();
                if (length == 0 || wrong) {
                    throw new LogException.Damaged(
                            path,
                            String.format(
                                    "checksum %016x of LTX bytes that were written with %016x",
                                    checksum, footer.ltxChecksum()));
                }
                out.write(chunk, 0, length);
            }
        }
    }

    private DiskFile open() throws IOException {
        try {
            return disk.openToRead(path);
        } catch (NoSuchFileException e) {
            throw new LogException.Trimmed(path, txid(), e);
        }
    }

    private static LtxHeader parseHeader(Path path, byte[] head) throws LogException {
        try {
            return LtxHeader.parse(LTX_PART, head);
        } catch (LtxException e) {
            throw new LogException.Damaged(path, e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}

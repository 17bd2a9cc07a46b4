package dev.runnel.ltx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The first 100 bytes of an LTX file; layout and rules are in {@code docs/formats.md}. Instances keep the rules.
 *
 * @param flags of which {@link #NO_CHECKSUM} is the only one
 * @param commit size of the database after the file, in pages
 * @param time of the newest change in the file, in whole milliseconds
 * @param preApplyChecksum checksum of the database before the file, 0 where checksums are not tracked
 * @param wal where in the source WAL the pages came from
 * @param nodeId the writer, 0 if unset
 * @param proof what Runnel adds; files of other writers have none
 */
public record LtxHeader(
        int flags,
        PageSize pageSize,
        int commit,
        TxidRange txids,
        Instant time,
        long preApplyChecksum,
        WalSegment wal,
        long nodeId,
        Optional<Proof> proof) {
    /** Length in bytes. */
    public static final int SIZE = 100;

    /** The flag of files without the checksums of the database before and after, such as Litestream and Runnel write. */
    public static final int NO_CHECKSUM = 2;

    private static final int MAGIC = 0x4C545831;

    /**
     * "RNL2". Files with "RNL1" carry a database checksum that misses changes, so they count as files without a proof.
     */
    private static final int PROOF_TAG = 0x524E4C32;

    private static final int FLAGS_AT = 4;
    static final int PAGE_SIZE_AT = 8;
    private static final int COMMIT_AT = 12;
    static final int MIN_TXID_AT = 16;
    private static final int MAX_TXID_AT = 24;
    private static final int PRE_APPLY_AT = 40;
    private static final int WAL_OFFSET_AT = 48;
    private static final int WAL_SIZE_AT = 56;
    private static final int PROOF_AT = 80;
    static final int PROOF_CHECKSUM_AT = 84;

    /** Offset and length in bytes within a WAL, and the WAL's salts. */
    public record WalSegment(long offset, long size, int salt1, int salt2) {
        /** For files that no single WAL stands behind. */
        public static final WalSegment NONE = new WalSegment(0, 0, 0, 0);

        /** The very start of a WAL: what lets Litestream carry on after a level-0 file of ours. */
        static final WalSegment START = new WalSegment(32, 0, 0, 0);
    }

    /** A rule that does not hold. */
    private record Fault(int offset, String text) {}

    public LtxHeader {
        time = time.truncatedTo(ChronoUnit.MILLIS);
        if ((flags & ~NO_CHECKSUM) != 0 || commit < 0) {
            throw new IllegalArgumentException("not an LTX header: flags " + flags + ", commit " + commit);
        }
        fault(flags, txids, preApplyChecksum, wal).ifPresent(fault -> {
            throw new IllegalArgumentException("not an LTX header: " + fault.text());
        });
    }

    /** The header of a file that Runnel writes. */
    public static LtxHeader of(PageSize pageSize, int commit, TxidRange txids, Instant time, Optional<Proof> proof) {
        WalSegment wal = txids.isSingle() ? WalSegment.START : WalSegment.NONE;
        return new LtxHeader(NO_CHECKSUM, pageSize, commit, txids, time, 0, wal, 0, proof);
    }

    /** A file that stands alone: it must hold every page. */
    public boolean isSnapshot() {
        return txids.isSnapshot();
    }

    /** Whether the file carries the checksums of the database before and after it. */
    public boolean tracksChecksums() {
        return (flags & NO_CHECKSUM) == 0;
    }

    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(SIZE);
        out.putInt(MAGIC).putInt(flags).putInt(pageSize.bytes()).putInt(commit);
        out.putLong(txids.min().value()).putLong(txids.max().value());
        out.putLong(time.toEpochMilli()).putLong(preApplyChecksum);
        out.putLong(wal.offset()).putLong(wal.size()).putInt(wal.salt1()).putInt(wal.salt2());
        out.putLong(nodeId);
        proof.ifPresent(p -> out.putInt(PROOF_TAG).putLong(p.databaseChecksum()).putLong(p.lineage()));
        return out.array();
    }

    /**
     * Reads the header at the start of a file, and no more. That the bytes are what the writer wrote is known only after
     * the whole file has been decoded.
     *
     * @param source the file, for messages
     */
    public static LtxHeader read(String source, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(SIZE);
        return parse(source, bytes);
    }

    /** Parses the first 100 bytes of a file; more than that is ignored. */
    public static LtxHeader parse(String source, byte[] bytes) throws LtxException {
        if (bytes.length < SIZE) {
            throw LtxException.damaged(source, bytes.length, "the file ends within its header of 100 bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt(0) != MAGIC) {
            throw LtxException.damaged(
                    source, 0, "not an LTX file: it starts with %08x, not LTX1".formatted(in.getInt(0)));
        }
        int flags = in.getInt(FLAGS_AT);
        if ((flags & ~NO_CHECKSUM) != 0) {
            throw LtxException.damaged(source, FLAGS_AT, "unknown header flags %08x".formatted(flags));
        }
        int pageSize = in.getInt(PAGE_SIZE_AT);
        if (!PageSize.isValid(pageSize)) {
            throw LtxException.damaged(
                    source,
                    PAGE_SIZE_AT,
                    "page size %s, not a power of two from 512 to 65536".formatted(Integer.toUnsignedString(pageSize)));
        }
        int commit = in.getInt(COMMIT_AT);
        if (commit < 0) {
            throw LtxException.damaged(
                    source,
                    COMMIT_AT,
                    "a database of %s pages; 2^31-1 is the limit".formatted(Integer.toUnsignedString(commit)));
        }
        TxidRange txids = txids(source, in.getLong(MIN_TXID_AT), in.getLong(MAX_TXID_AT));
        Instant time = Instant.ofEpochMilli(in.getLong(32));
        long preApply = in.getLong(PRE_APPLY_AT);
        WalSegment wal =
                new WalSegment(in.getLong(WAL_OFFSET_AT), in.getLong(WAL_SIZE_AT), in.getInt(64), in.getInt(68));
        Optional<Fault> fault = fault(flags, txids, preApply, wal);
        if (fault.isPresent()) {
            throw LtxException.damaged(source, fault.get().offset(), fault.get().text());
        }
        return new LtxHeader(
                flags, new PageSize(pageSize), commit, txids, time, preApply, wal, in.getLong(72), proof(source, in));
    }

    private static TxidRange txids(String source, long min, long max) throws LtxException {
        if (min <= 0) {
            throw LtxException.damaged(source, MIN_TXID_AT, "lowest TXID %016x is out of range".formatted(min));
        }
        if (max < min) {
            throw LtxException.damaged(
                    source, MAX_TXID_AT, "highest TXID %016x for lowest TXID %016x".formatted(max, min));
        }
        return new TxidRange(new Txid(min), new Txid(max));
    }

    private static Optional<Proof> proof(String source, ByteBuffer in) throws LtxException {
        if (in.getInt(PROOF_AT) != PROOF_TAG) {
            return Optional.empty();
        }
        long checksum = in.getLong(PROOF_CHECKSUM_AT);
        if (checksum >= 0) {
            throw LtxException.damaged(
                    source, PROOF_CHECKSUM_AT, "database checksum %016x without its top bit".formatted(checksum));
        }
        return Optional.of(new Proof(checksum, in.getLong(92)));
    }

    /** The first of the rules between fields that does not hold. */
    private static Optional<Fault> fault(int flags, TxidRange txids, long preApply, WalSegment wal) {
        if (wal.offset() < 0) {
            return Optional.of(new Fault(WAL_OFFSET_AT, "WAL offset " + wal.offset() + " is negative"));
        }
        if (wal.size() < 0) {
            return Optional.of(new Fault(WAL_SIZE_AT, "WAL size " + wal.size() + " is negative"));
        }
        if (wal.offset() == 0 && (wal.salt1() != 0 || wal.salt2() != 0)) {
            return Optional.of(new Fault(WAL_OFFSET_AT, "WAL salts without a WAL offset"));
        }
        if (wal.offset() == 0 && wal.size() != 0) {
            return Optional.of(new Fault(WAL_SIZE_AT, "WAL size " + wal.size() + " without a WAL offset"));
        }
        boolean none = txids.isSnapshot() || (flags & NO_CHECKSUM) != 0;
        if (none && preApply != 0) {
            return Optional.of(
                    new Fault(PRE_APPLY_AT, "a checksum of the database before the file, where none is allowed"));
        }
        if (!none && preApply >= 0) {
            return Optional.of(
                    new Fault(PRE_APPLY_AT, "no checksum of the database before the file, where one is required"));
        }
        return Optional.empty();
    }
}

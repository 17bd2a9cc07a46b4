package dev.runnel.log;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The proofs of change sets that the change log no longer holds, and of the TXID at which the local history began. A
 * replica that was unreachable for a long time is compared with them: without the proof it could not be decided whether
 * it holds this history or another one. One writer at a time; reading is possible from any thread meanwhile. An entry
 * that cannot be read counts as unknown, which is never taken for "the same". The file is specified in {@code
 * docs/formats.md}.
 */
final class ProofHistory {
    private static final String NAME = "proofs";
    private static final int ENTRY = 8 + 8 + 8 + 4;

    /** 58 MB; at one change set a second that is 24 days, of which the newer half stays. */
    private static final long MOST_ENTRIES = 1L << 21;

    private static final int COPIED_AT_ONCE = ENTRY << 10;

    private final Disk disk;
    private final Path path;
    private final long mostEntries;

    /** One proof and its TXID. */
    record Entry(Txid txid, Proof proof) {
        void putTo(ByteBuffer out) {
            int start = out.position();
            out.putLong(txid.value()).putLong(proof.databaseChecksum()).putLong(proof.lineage());
            out.putInt(crc(out.array(), out.arrayOffset() + start));
        }
    }

    ProofHistory(Disk disk, Path folder) {
        this(disk, folder, MOST_ENTRIES);
    }

    ProofHistory(Disk disk, Path folder, long mostEntries) {
        this.disk = disk;
        this.path = folder.resolve(NAME);
        this.mostEntries = mostEntries;
    }

    /** A history begins: nothing that was proven before is of this history. Durable when this returns. */
    void begin(Txid txid, Proof proof) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(ENTRY);
        new Entry(txid, proof).putTo(out);
        replace(file -> file.write(out.flip(), 0));
    }

    /** Adds proofs, oldest first, durably. Those of TXIDs that are already known are skipped. */
    void add(List<Entry> entries) throws IOException {
        try (DiskFile file = openOrCreate()) {
            long count = count(file);
            Txid last = count == 0
                    ? Txid.NONE
                    : read(file, count - 1).map(Entry::txid).orElseThrow();
            List<Entry> added =
                    entries.stream().filter(each -> each.txid().isAfter(last)).toList();
            ByteBuffer out = ByteBuffer.allocate(added.size() * ENTRY);
            added.forEach(each -> each.putTo(out));
            if (out.position() > 0) {
                file.write(out.flip(), count * ENTRY);
                file.sync();
            }
            if (count + added.size() > mostEntries) {
                keepNewerHalf(file, count + added.size());
            }
        }
    }

    /** The proof of a TXID, if it is known. */
    Optional<Proof> find(Txid txid) throws IOException {
        try (DiskFile file = disk.openToRead(path)) {
            long low = 0;
            long high = file.size() / ENTRY - 1;
            while (low <= high) {
                long middle = (low + high) / 2;
                Optional<Entry> entry = read(file, middle);
                if (entry.isEmpty()) {
                    return Optional.empty();
                }
                int order = entry.get().txid().compareTo(txid);
                if (order == 0) {
                    return Optional.of(entry.get().proof());
                }
                low = order < 0 ? middle + 1 : low;
                high = order < 0 ? high : middle - 1;
            }
            return Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private DiskFile openOrCreate() throws IOException {
        try {
            return disk.open(path);
        } catch (NoSuchFileException _) {
            replace(_ -> {});
            return disk.open(path);
        }
    }

    /** How many entries there are before the first that an interrupted write has left at the end. */
    private static long count(DiskFile file) throws IOException {
        long count = file.size() / ENTRY;
        while (count > 0 && read(file, count - 1).isEmpty()) {
            count--;
        }
        return count;
    }

    private static Optional<Entry> read(DiskFile file, long number) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(ENTRY);
        file.read(in, number * ENTRY);
        if (in.hasRemaining() || in.getInt(ENTRY - Integer.BYTES) != crc(in.array(), 0)) {
            return Optional.empty();
        }
        in.flip();
        return Optional.of(new Entry(new Txid(in.getLong()), new Proof(in.getLong(), in.getLong())));
    }

    private void keepNewerHalf(DiskFile file, long count) throws IOException {
        long kept = mostEntries / 2 * ENTRY;
        long from = count * ENTRY - kept;
        replace(target -> {
            ByteBuffer chunk = ByteBuffer.allocate(COPIED_AT_ONCE);
            for (long at = 0; at < kept; at += chunk.limit()) {
                chunk.clear().limit((int) Math.min(COPIED_AT_ONCE, kept - at));
                file.read(chunk, from + at);
                target.write(chunk.flip(), at);
            }
        });
    }

    private interface Content {
        void writeTo(DiskFile file) throws IOException;
    }

    private void replace(Content content) throws IOException {
        Path temp = path.resolveSibling(NAME + ".tmp");
        disk.delete(temp);
        try (DiskFile file = disk.create(temp)) {
            content.writeTo(file);
            file.sync();
        }
        disk.publish(temp, path);
    }

    private static int crc(byte[] bytes, int offset) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, ENTRY - Integer.BYTES);
        return (int) crc.getValue();
    }
}

package dev.runnel.engine;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.FileInfo;
import dev.runnel.platform.RecordFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * Remembers, in a small file for each replica, how the local history began, until that replica is reconciled with it. May
 * be used from several threads. The files are specified in {@code docs/formats.md}.
 */
final class PendingReplicas {
    private static final String PREFIX = "pending-";
    private static final long MAGIC = 0x524E4C50454E4431L;
    private static final int SIZE = 8 + 8 + 8 + 8 + 8;
    private static final long ADOPTION = 1;
    private static final long SOURCE = 2;

    private final Disk disk;
    private final Path folder;

    /**
     * How a history began.
     *
     * @param txid the newest TXID then, which change sets follow; NONE if the record cannot be read
     * @param proof of that TXID; empty if the record cannot be read
     * @param isAdoption whether there was no local history and the database did not match the newest state at the replicas
     * @param isSource whether this history was read back from this very replica, which then ends in the same state
     */
    record Pending(Txid txid, Optional<Proof> proof, boolean isAdoption, boolean isSource) {
        private static final Pending UNREADABLE = new Pending(Txid.NONE, Optional.empty(), true, false);
    }

    /**
     * How a history begins.
     *
     * @param isAdoption as in {@link Pending}
     * @param source the replica that it was read back from
     */
    record Beginning(Txid txid, Proof proof, boolean isAdoption, Optional<String> source) {}

    PendingReplicas(Disk disk, Path metaFolder) {
        this.disk = disk;
        this.folder = metaFolder;
    }

    /** A history begins; none of these replicas is reconciled with it. Nothing of it may be durable before this is. */
    void begin(Beginning beginning, Collection<String> replicas) throws IOException {
        for (String replica : replicas) {
            long flags = (beginning.isAdoption() ? ADOPTION : 0)
                    | (beginning.source().equals(Optional.of(replica)) ? SOURCE : 0);
            write(path(replica), beginning.txid(), beginning.proof(), flags);
        }
        Set<String> names = replicas.stream().map(PendingReplicas::fileName).collect(Collectors.toSet());
        for (FileInfo file : disk.list(folder)) {
            if (file.name().startsWith(PREFIX) && !names.contains(file.name())) {
                disk.delete(folder.resolve(file.name()));
            }
        }
    }

    /** How the local history began, if this replica was not reconciled with it since. */
    Optional<Pending> find(String replica) throws IOException {
        try {
            return Optional.of(RecordFile.read(disk, path(replica), SIZE)
                    .filter(in -> in.getLong() == MAGIC)
                    .map(PendingReplicas::read)
                    .orElse(Pending.UNREADABLE));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Pending read(ByteBuffer in) {
        Txid txid = new Txid(in.getLong());
        Proof proof = new Proof(in.getLong(), in.getLong());
        long flags = in.getLong();
        return new Pending(txid, Optional.of(proof), (flags & ADOPTION) != 0, (flags & SOURCE) != 0);
    }

    /** The adoption of the history at a replica is recorded there. */
    void adopted(String replica) throws IOException {
        Optional<Pending> record = find(replica);
        if (record.isPresent() && record.get().isAdoption()) {
            Pending adopted = record.get();
            if (adopted.proof().isEmpty()) {
                disk.delete(path(replica));
            } else {
                write(path(replica), adopted.txid(), adopted.proof().get(), adopted.isSource() ? SOURCE : 0);
            }
        }
    }

    /** A replica is reconciled with the local history. */
    void reconciled(String replica) throws IOException {
        disk.delete(path(replica));
    }

    private void write(Path path, Txid txid, Proof proof, long flags) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(SIZE);
        out.putLong(MAGIC)
                .putLong(txid.value())
                .putLong(proof.databaseChecksum())
                .putLong(proof.lineage())
                .putLong(flags);
        RecordFile.write(disk, path, out.flip());
    }

    private Path path(String replica) {
        return folder.resolve(fileName(replica));
    }

    private static String fileName(String replica) {
        CRC32C crc = new CRC32C();
        crc.update(replica.getBytes(StandardCharsets.UTF_8));
        return PREFIX + String.format("%08x", crc.getValue());
    }
}

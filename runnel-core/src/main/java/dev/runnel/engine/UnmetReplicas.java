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
 * Remembers, in a small file for each, the replicas that had not answered when the local history began: whatever one of
 * them holds above the TXID at which it began is not of this history. May be used from several threads. The files are
 * specified in {@code docs/formats.md}.
 */
final class UnmetReplicas {
    private static final String PREFIX = "unmet-";
    private static final long MAGIC = 0x524E4C554E4D4554L;
    private static final int SIZE = 8 + 8 + 8 + 8;

    private final Disk disk;
    private final Path folder;

    /**
     * Where a history began.
     *
     * @param txid the newest TXID then, which change sets follow; NONE if it cannot be told any more
     * @param proof of that TXID
     */
    record Beginning(Txid txid, Optional<Proof> proof) {
        private static final Beginning UNKNOWN = new Beginning(Txid.NONE, Optional.empty());
    }

    UnmetReplicas(Disk disk, Path metaFolder) {
        this.disk = disk;
        this.folder = metaFolder;
    }

    /** A history begins. Nothing of it may be durable before this is. */
    void begin(Txid txid, Proof proof, Collection<String> silent) throws IOException {
        for (String replica : silent) {
            write(path(replica), txid, proof);
        }
        Set<String> names = silent.stream().map(UnmetReplicas::fileName).collect(Collectors.toSet());
        for (FileInfo file : disk.list(folder)) {
            if (file.name().startsWith(PREFIX) && !names.contains(file.name())) {
                disk.delete(folder.resolve(file.name()));
            }
        }
    }

    /** Where the local history began, if this replica has not been met since. */
    Optional<Beginning> beginning(String replica) throws IOException {
        try {
            return Optional.of(RecordFile.read(disk, path(replica), SIZE)
                    .filter(in -> in.getLong() == MAGIC)
                    .map(in ->
                            new Beginning(new Txid(in.getLong()), Optional.of(new Proof(in.getLong(), in.getLong()))))
                    .orElse(Beginning.UNKNOWN));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** What a replica holds is known now, and history goes on there. */
    void met(String replica) throws IOException {
        disk.delete(path(replica));
    }

    private void write(Path path, Txid txid, Proof proof) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(SIZE);
        out.putLong(MAGIC)
                .putLong(txid.value())
                .putLong(proof.databaseChecksum())
                .putLong(proof.lineage());
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

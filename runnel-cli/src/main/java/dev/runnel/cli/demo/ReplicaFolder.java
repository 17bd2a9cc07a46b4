package dev.runnel.cli.demo;

import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.store.ByteRange;
import dev.runnel.store.FolderStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The replica of the demo, read from outside. */
final class ReplicaFolder {
    private final FolderStore store;

    ReplicaFolder(Path folder) {
        this.store = new FolderStore(Disk.system(), folder);
    }

    /** How much history there is. */
    record Extent(int files, long bytes, Txid newest, Instant time) {}

    /** A checksum of the whole database, and the file that holds it. */
    record WrittenProof(String file, long databaseChecksum) {}

    /** How much there is now; nothing if there is no file yet. */
    Optional<Extent> extent() throws IOException {
        List<HistoryObject> files = files();
        return files.stream()
                .max(Comparator.comparing(HistoryObject::max))
                .map(newest -> new Extent(
                        files.size(),
                        files.stream().mapToLong(HistoryObject::size).sum(),
                        newest.max(),
                        newest.time()));
    }

    /** The checksum that was written when a TXID was captured. */
    WrittenProof proofOf(Txid txid) throws IOException {
        HistoryObject file = files().stream()
                .filter(candidate -> candidate.max().equals(txid))
                .findFirst()
                .orElseThrow(() -> new IOException("no file of the replica ends at TXID " + txid));
        try (InputStream in = store.open(file.key(), new ByteRange(0, LtxHeader.SIZE))) {
            Proof proof = LtxHeader.read(file.key(), in)
                    .proof()
                    .orElseThrow(() -> new IOException(file.key() + " has no checksum of the database"));
            return new WrittenProof(file.key(), proof.databaseChecksum());
        }
    }

    private List<HistoryObject> files() throws IOException {
        return new LtxCatalogue(store, LtxKeys.folder()).list();
    }
}

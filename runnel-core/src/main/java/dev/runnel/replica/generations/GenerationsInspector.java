package dev.runnel.replica.generations;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.replica.ReplicaException;
import dev.runnel.sqlite.WalHeader;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads objects at a replica to see whether they are what their names say. What is not has no answer. */
record GenerationsInspector(GenerationFiles files) {
    /**
     * What a first segment holds.
     *
     * @param frames of a committed transaction; 0 if it is a header alone
     */
    record Wal(WalHeader header, int frames) {
        WalSalts salts() {
            return WalSalts.of(header);
        }
    }

    /** The WAL in a first segment, read from end to end; empty if it is not whole or not there. */
    Optional<Wal> wal(String key) throws IOException {
        try {
            WalFrames frames = WalFrames.ofFirst(files, key);
            return frames.committed() == frames.count()
                    ? Optional.of(new Wal(frames.header(), frames.count()))
                    : Optional.empty();
        } catch (ReplicaException.Damaged | ReplicaException.Vanished e) {
            return Optional.empty();
        }
    }

    /** The checksum of the database in a snapshot, read from end to end; empty if it is not whole or not there. */
    OptionalLong databaseChecksum(String key) throws IOException {
        try (SnapshotInput snapshot = SnapshotInput.open(files, key)) {
            if (snapshot.isEmpty()) {
                return OptionalLong.of(Checksums.EMPTY);
            }
            PageSize pageSize = new PageSize(snapshot.header().pageSize());
            long checksum = Checksums.EMPTY;
            int number = 0;
            for (byte[] chunk = snapshot.next(); chunk.length > 0; chunk = snapshot.next()) {
                if (chunk.length % pageSize.bytes() != 0) {
                    return OptionalLong.empty();
                }
                for (int offset = 0; offset < chunk.length; offset += pageSize.bytes()) {
                    number++;
                    if (number != pageSize.lockPage()) {
                        long page = Checksums.page(number, chunk, offset, pageSize.bytes());
                        checksum = Checksums.with(checksum, number, page);
                    }
                }
            }
            return OptionalLong.of(checksum);
        } catch (ReplicaException.Damaged | ReplicaException.Vanished e) {
            return OptionalLong.empty();
        }
    }
}

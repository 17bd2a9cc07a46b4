package dev.runnel.log;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a change log says of the states of its database, for those who only read, while its owner may be at work.
 *
 * @param folder of the change log; it need not exist
 */
public record LoggedStates(Disk disk, Path folder) {
    /** The newest change set. */
    public Optional<Txid> newest() throws IOException {
        try {
            return new LogFolder(disk, folder).newest();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /**
     * The checksum of the database at a TXID; empty if the log no longer has it.
     *
     * @throws LogException.Damaged if the change set is not as it was written
     */
    public Optional<Proof> at(Txid txid) throws IOException {
        return new LogFolder(disk, folder).read(txid).map(LogFile::proof);
    }
}

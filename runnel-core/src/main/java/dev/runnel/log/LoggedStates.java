package dev.runnel.log;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

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
     * What opening the log would find. Nothing is changed.
     *
     * @param first the oldest change set that leads up to the newest without a hole
     * @param useless what is older and has a hole or a damaged file between it and the rest
     */
    public record Condition(Txid first, Txid newest, Optional<ChangeLog.Dropped> useless) {}

    /**
     * The condition of the log; empty if there is nothing in it.
     *
     * @throws LogException.Damaged if the newest change set is not as it was written, so that the log cannot be continued
     */
    public Optional<Condition> condition() throws IOException {
        try {
            return new LogFolder(disk, folder)
                    .inspect()
                    .map(run -> new Condition(run.first(), run.newest().txid(), run.dropped()));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /**
     * Who wrote the newest change set; empty if there is none.
     *
     * @throws LogException.Damaged if it is not as it was written
     */
    public OptionalLong lineage() throws IOException {
        Optional<Txid> newest = newest();
        Optional<Proof> proof = newest.isPresent() ? at(newest.get()) : Optional.empty();
        return proof.map(found -> OptionalLong.of(found.lineage())).orElse(OptionalLong.empty());
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

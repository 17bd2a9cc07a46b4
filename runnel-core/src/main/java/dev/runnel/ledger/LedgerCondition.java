package dev.runnel.ledger;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** What a ledger says of itself, for those who only read, while its owner may be at work. */
public final class LedgerCondition {
    private LedgerCondition() {}

    /**
     * The TXID up to which a ledger is durable; empty if there is no ledger.
     *
     * @throws LedgerException.Lost if what is there cannot be used
     */
    public static Optional<Txid> durable(Disk disk, Path path) throws IOException {
        try (LedgerFile file = new LedgerFile(disk.openToRead(path))) {
            Optional<LedgerHeader> header = file.readHeader();
            if (header.isEmpty()) {
                throw new LedgerException.Lost(path, "neither of its two headers can be used");
            }
            return header.map(LedgerHeader::txid);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}

package dev.runnel.cli;

import dev.runnel.cli.output.Amounts;
import dev.runnel.cli.output.FileSize;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.log.LoggedStates;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.setup.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the files of this machine say of a database, in the words of Litestream's {@code status}.
 *
 * @param status {@code ok} if it was ever followed, and else why not
 * @param txid newest in the change log, in hex; {@code -} if there is none
 * @param walSize for people
 */
record LocalState(Path database, String status, String txid, String walSize) {
    private static final String NONE = "-";

    static LocalState of(DatabaseConfig database) {
        Path path = database.path();
        if (!Files.exists(path)) {
            return new LocalState(path, "no database", NONE, NONE);
        }
        String walSize = Amounts.bytes(FileSize.ofWal(path));
        try {
            Path log = DatabaseSpec.logFolder(database.metaFolder());
            Optional<Txid> newest = new LoggedStates(Disk.system(), log).newest();
            return new LocalState(
                    path,
                    newest.isPresent() ? "ok" : "not initialized",
                    newest.map(Txid::toString).orElse(NONE),
                    walSize);
        } catch (IOException _) {
            return new LocalState(path, "error", NONE, walSize);
        }
    }
}

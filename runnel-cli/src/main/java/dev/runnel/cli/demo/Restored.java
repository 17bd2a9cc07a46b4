package dev.runnel.cli.demo;

import dev.runnel.ltx.Txid;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * A restored database, looked at.
 *
 * @param checksum of the whole database, computed from the file
 */
record Restored(String name, Txid txid, Orders orders, long checksum) {
    static Restored lookAt(Path database, Txid txid) throws IOException {
        try {
            // The checksum first: SQLite may write to a file it opens.
            long checksum = ImageChecksum.of(database);
            return new Restored(String.valueOf(database.getFileName()), txid, Orders.read(database), checksum);
        } catch (SQLException e) {
            throw new IOException(database + " cannot be read: " + e.getMessage(), e);
        }
    }
}

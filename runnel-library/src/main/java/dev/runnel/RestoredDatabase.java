package dev.runnel;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A database that was restored.
 *
 * @param replica where it came from, without secrets
 * @param txid the TXID that it is; 0 in history of Litestream 0.3, which has none
 * @param point the same in words
 * @param time when that state was committed
 * @param isProvenBySource whether its checksum is the one that the source recorded; otherwise the checksum of every file was right
 * @param bytes size of the database
 * @param warnings what the user should know although the database is there
 */
public record RestoredDatabase(
        Path database,
        String replica,
        long txid,
        String point,
        Instant time,
        boolean isProvenBySource,
        long bytes,
        Duration duration,
        List<String> warnings) {
    public RestoredDatabase {
        warnings = List.copyOf(warnings);
    }
}

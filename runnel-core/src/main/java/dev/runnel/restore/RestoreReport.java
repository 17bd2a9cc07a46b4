package dev.runnel.restore;

import java.time.Duration;
import java.util.List;

/**
 * A database that was restored.
 *
 * @param image what it is
 * @param integrityCheck what SQLite was asked, and found well
 * @param fetched bytes that were read from the replica
 * @param resumedPages pages that an earlier restore had moved, which was interrupted
 * @param warnings what the user should know although the database is there
 * @param duration from the request to the durable name
 */
public record RestoreReport(
        RestoredImage image,
        IntegrityCheck integrityCheck,
        long fetched,
        long resumedPages,
        List<String> warnings,
        Duration duration) {}

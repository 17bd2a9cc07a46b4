package dev.runnel.restore;

import java.time.Duration;

/**
 * A database that was restored.
 *
 * @param image what it is
 * @param integrityCheck what SQLite was asked, and found well
 * @param fetched bytes that were read from the replica
 * @param resumedPages pages that an earlier restore had moved, which was interrupted
 * @param duration from the request to the durable name
 */
public record RestoreReport(
        RestoredImage image, IntegrityCheck integrityCheck, long fetched, long resumedPages, Duration duration) {}

package dev.runnel;

import java.time.Instant;

/**
 * What a restore would do.
 *
 * @param replica where it would restore from, without secrets
 * @param txid the TXID that would be restored; 0 in history of Litestream 0.3, which has none
 * @param point the same in words
 * @param time when that state was committed
 * @param files how many files have a part of it
 * @param bytes of these files together; not all of them may be needed
 */
public record RestorePreview(String replica, long txid, String point, Instant time, int files, long bytes) {}

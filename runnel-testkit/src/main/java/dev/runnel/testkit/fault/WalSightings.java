package dev.runnel.testkit.fault;

/**
 * What a {@link WalWatch} has seen. Each number is a lower bound, because it looks only every other millisecond.
 *
 * @param looks how often it looked
 * @param restarts how often the WAL had begun anew since the look before
 * @param beyondEnd looks that found frames of the current WAL after the last one the wal-index knows
 * @param onMark0 looks that found the watched process reading on mark 0, needing nothing from the WAL
 * @param onOtherMark looks that found it on one of the other marks
 * @param largestBytes the largest size of the WAL file
 */
public record WalSightings(
        long looks, long restarts, long beyondEnd, long onMark0, long onOtherMark, long largestBytes) {}

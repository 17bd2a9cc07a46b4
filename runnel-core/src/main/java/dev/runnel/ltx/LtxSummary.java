package dev.runnel.ltx;

/**
 * A file that was written whole.
 *
 * @param size in bytes
 * @param fileChecksum as in its trailer
 * @param pages how many pages it holds
 */
public record LtxSummary(long size, long fileChecksum, int pages) {}

package dev.runnel.capture;

/**
 * What capture has seen since it attached.
 *
 * @param handOvers times the read lock was moved
 * @param restarts times the WAL was reset
 * @param onMarkZero hand-overs that ended on read mark 0
 * @param framesBeyond polls that saw frames after the last committed one
 */
public record CaptureCounters(long handOvers, long restarts, long onMarkZero, long framesBeyond) {}

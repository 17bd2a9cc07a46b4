package dev.runnel.capture;

import dev.runnel.log.SourcePosition;

/**
 * What is to become the next TXID: what was captured since the newest one, and where in the database's files that ended.
 */
public record SealedChangeSet(OpenChangeSet changes, SourcePosition end) {}

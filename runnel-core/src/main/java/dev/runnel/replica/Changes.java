package dev.runnel.replica;

import dev.runnel.ltx.TxidRange;
import dev.runnel.store.Body;
import java.time.Instant;

/**
 * The pages that changed over a range of TXIDs, as one LTX file.
 *
 * @param time the time of the newest change in it
 * @param file the bytes of the LTX file
 */
public record Changes(TxidRange range, Instant time, Body file) {}

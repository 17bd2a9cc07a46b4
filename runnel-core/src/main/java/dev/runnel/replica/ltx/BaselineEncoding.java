package dev.runnel.replica.ltx;

import dev.runnel.ltx.Scratch;
import java.util.concurrent.ExecutorService;

/**
 * What encoding a baseline takes from the machine.
 *
 * @param compressors compress pages; as many threads as there are processors to use
 * @param batches how many batches of pages may wait for them or for the store, half a MiB each
 * @param scratch room for the page index of a large database
 */
public record BaselineEncoding(ExecutorService compressors, int batches, Scratch scratch) {}

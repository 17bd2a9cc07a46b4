package dev.runnel.store;

import java.time.Instant;

/**
 * What an upload that was cut short has left, so old that it cannot be alive.
 *
 * @param name relative to the location, as a key is
 * @param time when it was begun, or last written
 * @param isOurs whether Runnel left it, and removes it when it starts
 */
public record Leftover(String name, Instant time, boolean isOurs) {}

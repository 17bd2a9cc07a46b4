package dev.runnel.store;

import java.time.Instant;

/** What a store says of one object: its size in bytes and its time, the one given at put where the store keeps it. */
public record ObjectInfo(String key, long size, Instant time) {}

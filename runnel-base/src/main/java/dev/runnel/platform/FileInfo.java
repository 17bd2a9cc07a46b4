package dev.runnel.platform;

import java.time.Instant;

/** What a folder listing says of one entry. */
public record FileInfo(String name, long size, Instant modified, boolean isFolder) {}

/** Disk, clock, threads, randomness and file-system events: all that Runnel asks of the machine, and nothing about SQLite. */
@NullMarked
package dev.runnel.platform;

import org.jspecify.annotations.NullMarked;

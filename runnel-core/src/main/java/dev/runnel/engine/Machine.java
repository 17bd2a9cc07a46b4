package dev.runnel.engine;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.Threads;
import dev.runnel.sqlite.Descriptors;
import java.util.concurrent.Semaphore;

/**
 * What the actors of one engine share of the machine.
 *
 * @param images one permit for each image that is read
 */
record Machine(
        Disk disk,
        Clock clock,
        Threads threads,
        FolderEvents events,
        Entropy entropy,
        Descriptors descriptors,
        Semaphore images) {
    /** Images that are read at a time, of all databases: each has a few megabytes on their way. */
    static final int MOST_IMAGES = 8;
}

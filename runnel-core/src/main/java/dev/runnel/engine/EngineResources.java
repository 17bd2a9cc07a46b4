package dev.runnel.engine;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.Threads;
import dev.runnel.sqlite.Descriptors;

/**
 * What the actors of one engine share of the machine.
 *
 * @param images leave to read an image
 * @param listener receives what happens
 */
record EngineResources(
        Disk disk,
        Clock clock,
        Threads threads,
        FolderEvents events,
        Entropy entropy,
        Descriptors descriptors,
        ImagePermits images,
        EngineListener listener) {}

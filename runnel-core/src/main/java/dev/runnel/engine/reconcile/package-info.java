/**
 * Whose history a replica holds: one state, and one function that decides from an observation what follows. Nothing here
 * reads a clock, a disk or a store.
 */
@NullMarked
package dev.runnel.engine.reconcile;

import org.jspecify.annotations.NullMarked;

/** Lifecycle, scheduling and health: one actor a database, one a replica. */
@NullMarked
package dev.runnel.engine;

import org.jspecify.annotations.NullMarked;

/** The {@code generations} layout: history as Litestream 0.3 lays it out. */
@NullMarked
package dev.runnel.replica.generations;

import org.jspecify.annotations.NullMarked;

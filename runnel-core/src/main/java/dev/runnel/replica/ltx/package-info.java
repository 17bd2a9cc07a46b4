/** The {@code ltx} layout: history as Litestream 0.5 lays it out. */
@NullMarked
package dev.runnel.replica.ltx;

import org.jspecify.annotations.NullMarked;

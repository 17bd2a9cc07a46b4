/** History at a destination, in TXIDs and times. */
@NullMarked
package dev.runnel.replica;

import org.jspecify.annotations.NullMarked;

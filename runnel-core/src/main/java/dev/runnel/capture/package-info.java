/** From WAL to change sets: hand-over, ledger, gap repair, stable image. */
@NullMarked
package dev.runnel.capture;

import org.jspecify.annotations.NullMarked;

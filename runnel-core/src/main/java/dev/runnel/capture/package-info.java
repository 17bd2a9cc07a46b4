/** From WAL to change sets: hand-over, gap repair, stable image. */
@NullMarked
package dev.runnel.capture;

import org.jspecify.annotations.NullMarked;

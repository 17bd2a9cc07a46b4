/** How results look: tables, JSON, progress, times. */
@NullMarked
package dev.runnel.cli.output;

import org.jspecify.annotations.NullMarked;

/** Benchmarks of the codecs. */
@NullMarked
package dev.runnel.bench;

import org.jspecify.annotations.NullMarked;

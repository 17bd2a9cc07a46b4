/** What {@code replicate} runs: the engine from a configuration, until a signal. */
@NullMarked
package dev.runnel.cli.daemon;

import org.jspecify.annotations.NullMarked;

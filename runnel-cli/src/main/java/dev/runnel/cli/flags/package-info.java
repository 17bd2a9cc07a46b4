/** Command-line flags with the rules of Go's {@code flag} package, so that command lines written for Litestream work. */
@NullMarked
package dev.runnel.cli.flags;

import org.jspecify.annotations.NullMarked;

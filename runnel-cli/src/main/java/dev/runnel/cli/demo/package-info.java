/** {@code demo}: a database, a crash and a restore, played with real processes. */
@NullMarked
package dev.runnel.cli.demo;

import org.jspecify.annotations.NullMarked;

/** The log of the daemon: records as Litestream writes them, as text or as JSON. */
@NullMarked
package dev.runnel.cli.logging;

import org.jspecify.annotations.NullMarked;

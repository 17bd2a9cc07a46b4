/** The control socket: HTTP over a Unix socket, for what is done to a daemon while it runs. */
@NullMarked
package dev.runnel.cli.control;

import org.jspecify.annotations.NullMarked;

/** Heartbeats: pings to URLs of a monitoring service that stay away when databases are not replicated. */
@NullMarked
package dev.runnel.cli.heartbeat;

import org.jspecify.annotations.NullMarked;

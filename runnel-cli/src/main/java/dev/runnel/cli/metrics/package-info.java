/** Metrics in the text format of Prometheus, and the HTTP server that shows them. */
@NullMarked
package dev.runnel.cli.metrics;

import org.jspecify.annotations.NullMarked;

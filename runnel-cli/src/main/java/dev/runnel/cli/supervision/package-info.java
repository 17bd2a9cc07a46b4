/** The application that Runnel starts as its child, and everything that keeps it running and ends it. */
@NullMarked
package dev.runnel.cli.supervision;

import org.jspecify.annotations.NullMarked;

/** The change log: the local, durable sequence of change sets of one database. */
@NullMarked
package dev.runnel.log;

import org.jspecify.annotations.NullMarked;

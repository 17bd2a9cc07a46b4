/** Faults and probes from outside: failing fsyncs, lock tables, the state of a WAL. */
@NullMarked
package dev.runnel.testkit.fault;

import org.jspecify.annotations.NullMarked;

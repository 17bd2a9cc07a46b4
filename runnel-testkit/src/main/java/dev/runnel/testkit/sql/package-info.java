/** One SQL connection, wherever it lives: in this JVM, in a JVM of its own, or in the sqlite3 program. */
@NullMarked
package dev.runnel.testkit.sql;

import org.jspecify.annotations.NullMarked;

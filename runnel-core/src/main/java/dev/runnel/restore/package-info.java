/** From a plan to a database file, checked before it gets its name. */
@NullMarked
package dev.runnel.restore;

import org.jspecify.annotations.NullMarked;

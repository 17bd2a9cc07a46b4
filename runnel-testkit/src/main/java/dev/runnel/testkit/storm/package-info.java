/** Writers that do everything an application may do to its database, at random, from a seed. */
@NullMarked
package dev.runnel.testkit.storm;

import org.jspecify.annotations.NullMarked;

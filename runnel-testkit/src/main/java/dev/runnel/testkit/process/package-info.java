/** Programs that a test starts, talks to in lines, and kills. */
@NullMarked
package dev.runnel.testkit.process;

import org.jspecify.annotations.NullMarked;

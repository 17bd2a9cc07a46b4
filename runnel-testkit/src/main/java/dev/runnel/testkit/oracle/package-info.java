/** Slow, simple and strict judges of databases, LTX files and replicas, sharing no code with what they judge. */
@NullMarked
package dev.runnel.testkit.oracle;

import org.jspecify.annotations.NullMarked;

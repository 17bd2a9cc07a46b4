/**
 * The configuration file: read strictly, all problems reported at once, the result typed and immutable. Its keys are
 * described in {@code docs/configuration.md}.
 */
@NullMarked
package dev.runnel.cli.config;

import org.jspecify.annotations.NullMarked;

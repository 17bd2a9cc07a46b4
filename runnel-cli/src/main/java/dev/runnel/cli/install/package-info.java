/** What is done once after a build, so that every later start is fast. */
@NullMarked
package dev.runnel.cli.install;

import org.jspecify.annotations.NullMarked;

/** Tests against real SQLite, real processes and kill -9, from outside: the command line and the files. */
@NullMarked
package dev.runnel.tests;

import org.jspecify.annotations.NullMarked;

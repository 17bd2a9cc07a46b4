/** Whether what is at a replica restores to what the database was. */
@NullMarked
package dev.runnel.verify;

import org.jspecify.annotations.NullMarked;

/** Test kit: crash disk, store contract, writers in processes of their own, oracles. */
@NullMarked
package dev.runnel.testkit;

import org.jspecify.annotations.NullMarked;

/**
 * What a user sets up: databases, their replicas, and how they are opened, followed and restored. Shared by the program and
 * the library.
 */
@NullMarked
package dev.runnel.setup;

import org.jspecify.annotations.NullMarked;

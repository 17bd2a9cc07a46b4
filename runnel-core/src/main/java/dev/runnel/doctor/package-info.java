/**
 * What is wrong with history at a replica, or with the local files of a database: named, explained, and with the next step.
 * Nothing is changed here.
 */
@NullMarked
package dev.runnel.doctor;

import org.jspecify.annotations.NullMarked;

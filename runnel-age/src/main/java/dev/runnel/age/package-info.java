/**
 * Objects encrypted with age (age-encryption.org/v1) for X25519 keys. Headers, keys and encryption are those of the library
 * Jagged; here are the store decorator, sizes, and the reader of any range of an object, which Jagged does not have.
 */
@NullMarked
package dev.runnel.age;

import org.jspecify.annotations.NullMarked;

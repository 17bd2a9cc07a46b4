/** Objects encrypted with age (age-encryption.org/v1), X25519 keys, by the JDK's own cryptography. */
@NullMarked
package dev.runnel.age;

import org.jspecify.annotations.NullMarked;

package dev.runnel.platform;

import java.security.SecureRandom;

/** Randomness, for names and lineages. */
@FunctionalInterface
public interface Entropy {
    long nextLong();

    /** The machine's. */
    static Entropy system() {
        return new SecureRandom()::nextLong;
    }
}

package dev.runnel.setup;

import dev.runnel.age.AgeKeys;
import dev.runnel.store.RateLimits;
import java.util.Optional;

/**
 * How a replica's objects are stored, whatever the place.
 *
 * @param encryption the keys of an encrypted replica
 */
public record StoreOptions(Optional<AgeKeys> encryption, RateLimits limits) {
    /** In the clear, and as fast as it goes. */
    public static final StoreOptions DEFAULT = new StoreOptions(Optional.empty(), RateLimits.NONE);

    /** Whether this host has keys to encrypt with and none to decrypt with. */
    public boolean isEncryptOnly() {
        return encryption.isPresent() && !encryption.get().canRead();
    }
}

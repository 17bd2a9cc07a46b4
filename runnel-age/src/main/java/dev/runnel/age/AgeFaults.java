package dev.runnel.age;

import dev.runnel.store.StoreException;

/** Turns what is found wrong with an object into what a store throws. */
record AgeFaults(String location, String key) {
    StoreException of(HeaderException fault) {
        return switch (fault) {
            case HeaderException.Malformed malformed -> damaged(String.valueOf(malformed.getMessage()));
            case HeaderException.NotEncrypted plain ->
                new StoreException.Encryption(
                        location,
                        key,
                        String.valueOf(plain.getMessage()),
                        "Give the encrypted history a location of its own, or take age out of the replica's configuration"
                                + " to read what is there.");
            case HeaderException.Armored armored -> unsupported(String.valueOf(armored.getMessage()));
            case HeaderException.Passphrase passphrase -> unsupported(String.valueOf(passphrase.getMessage()));
            case HeaderException.NoIdentity noIdentity ->
                new StoreException.Encryption(
                        location,
                        key,
                        String.valueOf(noIdentity.getMessage()),
                        "Use a host, or a configuration, with the identity of a recipient it was encrypted to.");
            case HeaderException.NoMatch locked ->
                new StoreException.Encryption(
                        location,
                        key,
                        String.valueOf(locked.getMessage()),
                        "Add the identity of a recipient it was encrypted to. If the same identities open other objects"
                                + " of this time, this one is damaged.");
        };
    }

    private StoreException unsupported(String what) {
        return new StoreException.Encryption(
                location,
                key,
                what,
                "Runnel reads binary age files for X25519 recipients (age1...) only. Decrypt it with the program age, and"
                        + " encrypt it again with the option -r and a recipient of the replica.");
    }

    StoreException damaged(String what) {
        return new StoreException.Damaged(location, key, what);
    }

    StoreException damagedChunk(long number) {
        return damaged("chunk " + number + " of the encrypted content, at offset " + number * ChunkCipher.CHUNK
                + " of it, is not what was encrypted");
    }

    StoreException cutShort(long number) {
        return damaged("the encrypted content ends before its last chunk, after " + number + " of them");
    }
}

package dev.runnel.s3;

import dev.runnel.store.ObjectKeys;

/** Tells keys from other names in a bucket that others may write to as well. */
final class S3Keys {
    private S3Keys() {}

    static boolean isKey(String name) {
        try {
            ObjectKeys.checked(name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

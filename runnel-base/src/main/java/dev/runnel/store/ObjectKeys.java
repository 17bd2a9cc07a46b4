package dev.runnel.store;

import java.util.Set;

/**
 * What a key may be. Every store refuses the same keys, so that a replica can be copied from one to another; and a key
 * that could lead out of the place it belongs to never reaches a file system or a URL.
 */
public final class ObjectKeys {
    /** How the names of objects in the making end; no key ends so. */
    public static final String IN_THE_MAKING = ".tmp";

    private static final Set<String> NOT_A_PART = Set.of("", ".", "..");

    private ObjectKeys() {}

    /**
     * Gives the key back.
     *
     * @throws IllegalArgumentException if a part is empty, {@code .} or {@code ..}, if the key ends in {@code .tmp}, or
     *     if it holds a NUL
     */
    public static String checked(String key) {
        if (key.endsWith(IN_THE_MAKING)) {
            throw new IllegalArgumentException("the ending " + IN_THE_MAKING + " is not for keys: \"" + key + "\"");
        }
        return checkedParts(key);
    }

    /** Like {@link #checked}, for the folder part of a listing's prefix: {@code ltx/0}, or nothing at all. */
    static String checkedFolder(String folder) {
        return folder.isEmpty() ? folder : checkedParts(folder);
    }

    private static String checkedParts(String path) {
        for (String part : path.split("/", -1)) {
            if (NOT_A_PART.contains(part) || part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("not a key: \"" + path + "\"");
            }
        }
        return path;
    }
}

package dev.runnel.replica.inventory;

import dev.runnel.ltx.Proof;
import java.util.Optional;

/**
 * What came out when an object was read.
 *
 * @param isNamedRight whether its content says that it is of the TXIDs in its name, even if it is damaged
 * @param proof the checksum of the database after it, and its writer, where it has one
 */
public record Finding(ContentState content, boolean isNamedRight, Optional<Proof> proof) {
    /** Nothing that could be read, or another object than its name says. */
    public static final Finding NOTHING = new Finding(ContentState.DAMAGED, false, Optional.empty());

    /** The start of the right object, with something wrong after it. */
    public static final Finding CUT_OR_CHANGED = new Finding(ContentState.DAMAGED, true, Optional.empty());

    /** Nothing of this layout: encrypted for keys that are not configured, or in the format of another program. */
    public static final Finding UNRECOGNISED = new Finding(ContentState.UNRECOGNISED, false, Optional.empty());

    /** All of it was read, and it is what its name says. */
    public static Finding whole(Optional<Proof> proof) {
        return new Finding(ContentState.READ, true, proof);
    }

    /** Its header and its end were read, and fit its name. */
    public static Finding ends(Optional<Proof> proof) {
        return new Finding(ContentState.ENDS_READ, true, proof);
    }

    /** All of its stored bytes are those that this machine has stored. */
    public static Finding stored(Optional<Proof> proof) {
        return new Finding(ContentState.WRITTEN, true, proof);
    }

    /** Its size, its start and its end are those of what this machine has stored. */
    public static Finding recorded(Optional<Proof> proof) {
        return new Finding(ContentState.RECORDED, true, proof);
    }
}

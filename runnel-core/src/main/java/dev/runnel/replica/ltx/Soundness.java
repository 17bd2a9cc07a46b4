package dev.runnel.replica.ltx;

import dev.runnel.ltx.Proof;
import java.io.IOException;
import java.util.Optional;

/** Whether files are as they must be: known of those that we wrote or looked at before, looked up for the others. */
record Soundness(LtxInventory inventory, LtxInspector inspector) {
    /** A file up to this size is read whole when it is looked at; it costs no more than looking at its ends. */
    static final long SMALL_FILE = 64 * 1024;

    /** Looks at a file unless that is known; it is read whole if it has at most so many bytes. */
    boolean check(LtxObject file, long wholeUpTo) throws IOException {
        if (inventory.isSound(file)) {
            return true;
        }
        return switch (inspector.inspect(file, wholeUpTo)) {
            case LtxInspector.Finding.Sound(Optional<Proof> proof) -> {
                inventory.sound(file, proof);
                yield true;
            }
            case LtxInspector.Finding.Unsound() -> {
                inventory.unsound(file);
                yield false;
            }
        };
    }
}

package dev.runnel.replica.inventory;

import dev.runnel.ltx.Proof;
import dev.runnel.store.PutOptions;
import dev.runnel.store.RecordingStore;
import dev.runnel.store.RecordingStore.Recognised;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.util.Optional;

/**
 * What is known of the objects of a replica that this machine writes and cannot decrypt: what it has recorded of its own
 * uploads, and nothing of any other object.
 *
 * @param stored where the encrypted objects are
 */
public record OwnUploads(RecordingStore stored) {
    /** What has a key that was to be created. */
    public enum Taken {
        /** An earlier attempt of this machine to store the same state. */
        SAME,
        /** An object that this machine stored for a TXID without a state, and that holds no page. */
        WITHOUT_STATE,
        /** A damaged object, stored by this machine or by another. */
        DAMAGED,
        /** Another state, or nothing that can be compared. */
        OTHER
    }

    /** How a proof is recorded with an upload. */
    public static Optional<PutOptions.Label> label(Optional<Proof> proof) {
        return proof.map(known -> new PutOptions.Label(known.databaseChecksum(), known.lineage()));
    }

    private static Optional<Proof> proof(Recognised found) {
        return found.label().map(label -> new Proof(label.first(), label.second()));
    }

    /** Reads objects by comparing them with what is recorded; those that are not recorded, by another reader. */
    public ContentReader reader(ContentReader others) {
        return new Reader(others);
    }

    /** Reads an object to see whether it is damaged. */
    @FunctionalInterface
    public interface DamageCheck {
        boolean isDamaged(String key) throws IOException;
    }

    /**
     * What has a key that was to be created for a state.
     *
     * @param others reads an object that is not recorded: it may be damaged even for a machine that cannot decrypt it
     */
    public Taken taken(String key, Optional<Proof> state, DamageCheck others) throws IOException {
        Recognised found = stored.compareWhole(key);
        return switch (found.match()) {
            case CHANGED -> Taken.DAMAGED;
            case UNKNOWN -> isDamaged(key, others) ? Taken.DAMAGED : Taken.OTHER;
            case SAME ->
                found.label().isEmpty()
                        ? Taken.WITHOUT_STATE
                        : found.label().equals(label(state)) ? Taken.SAME : Taken.OTHER;
        };
    }

    private static boolean isDamaged(String key, DamageCheck others) throws IOException {
        try {
            return others.isDamaged(key);
        } catch (StoreException.Encryption _) {
            return false;
        }
    }

    private final class Reader implements ContentReader {
        private final ContentReader others;

        Reader(ContentReader others) {
            this.others = others;
        }

        @Override
        public Finding readWhole(HistoryObject object) throws IOException {
            try {
                Recognised found = stored.compareWhole(object.key());
                return switch (found.match()) {
                    case SAME -> Finding.stored(proof(found));
                    case CHANGED -> Finding.CUT_OR_CHANGED;
                    case UNKNOWN -> others.readWhole(object);
                };
            } catch (StoreException.NotFound _) {
                return Finding.NOTHING;
            }
        }

        @Override
        public Finding readEnds(HistoryObject object) throws IOException {
            try {
                Recognised found = stored.compareEnds(object.key());
                return switch (found.match()) {
                    case SAME -> Finding.recorded(proof(found));
                    case CHANGED -> Finding.CUT_OR_CHANGED;
                    case UNKNOWN -> others.readEnds(object);
                };
            } catch (StoreException.NotFound _) {
                return Finding.NOTHING;
            }
        }
    }
}

package dev.runnel.replica;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** History that is not continued, beside one that is written: kept for as long as a promised restore point may need it. */
public interface OldHistory {
    /** None there. */
    OldHistory NONE = new OldHistory() {
        @Override
        public List<String> keysBefore(Instant time) {
            return List.of();
        }

        @Override
        public void remove(List<String> keys) {
            throw new IllegalStateException("no such objects: " + keys);
        }
    };

    /**
     * The keys of what ends before a time, from which on other history holds everything. May be called at any time; what
     * it costs is limited by how often it is looked for.
     */
    List<String> keysBefore(Instant time) throws IOException;

    /** Removes what was found. */
    void remove(List<String> keys) throws IOException;
}

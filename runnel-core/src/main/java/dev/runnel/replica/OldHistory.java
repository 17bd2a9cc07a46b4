package dev.runnel.replica;

import java.io.IOException;
import java.time.Instant;

/** History that nobody continues, beside one that is written: kept for as long as what is promised may need it. */
@FunctionalInterface
public interface OldHistory {
    /** None there. */
    OldHistory NONE = _ -> {};

    /** Removes what ends before a time, from which on other history holds everything. May be called at any time. */
    void removeBefore(Instant time) throws IOException;
}

package dev.runnel.verify;

import dev.runnel.restore.IntegrityCheck;
import java.util.Optional;

/**
 * What is asked of a history.
 *
 * @param state which state is read or restored
 * @param integrityCheck what SQLite is asked about a restored database
 * @param question a query that is run on a restored database
 */
public record VerifyOptions(Depth depth, State state, IntegrityCheck integrityCheck, Optional<Question> question) {
    /** Which state. */
    public enum State {
        NEWEST,
        /** One of any time between the oldest and the newest that can be restored. */
        RANDOM
    }

    /**
     * A query.
     *
     * @param expected what it has to answer: columns separated by {@code |}, rows by line ends; empty if it is only shown
     */
    public record Question(String sql, Optional<String> expected) {}
}

package dev.runnel.verify;

import java.util.Locale;

/** What came of looking at a history, from the best to the worst. */
public enum Verdict {
    /** Nothing is missing, and nothing is wrong as far as was looked. */
    COMPLETE,
    /** The same, but the database has newer commits on this machine. */
    DELAYED,
    /** It restores, but nothing in it says what the whole database has to be, as in history of Litestream. */
    WITHOUT_PROOF,
    /** Objects are missing, so that the newest state, or the one that was asked for, cannot be restored. */
    LOST,
    /** Objects are damaged, or do not give the database that the source was. */
    DAMAGED;

    /** As users see it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Whether an operator has to act. */
    public boolean isFailure() {
        return this == LOST || this == DAMAGED;
    }

    Verdict orWorse(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}

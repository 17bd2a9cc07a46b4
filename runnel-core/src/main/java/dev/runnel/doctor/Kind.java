package dev.runnel.doctor;

import java.util.Locale;

/** What can be wrong. */
public enum Kind {
    /** TXIDs, or parts of a WAL, are missing between the objects of a history. */
    HOLE,
    /** Objects hold the same TXIDs, and it is not because one of them is compacted from the others. */
    OVERLAP,
    /** Objects of another history, or with names that no layout has. */
    FOREIGN,
    /** What uploads that were cut short have left. */
    LEFTOVER,
    /** Times that cannot be right: in the future, or not in the order of the TXIDs. */
    TIME,
    /** History in both layouts at one location. */
    TWO_LAYOUTS,
    /** Files of this machine: change log and ledger. */
    LOCAL;

    /** As users see it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

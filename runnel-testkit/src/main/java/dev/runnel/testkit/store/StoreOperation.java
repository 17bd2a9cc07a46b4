package dev.runnel.testkit.store;

/** The operations of an object store, for counting and for failing them. */
public enum StoreOperation {
    LIST,
    OPEN,
    STAT,
    PUT,
    DELETE
}

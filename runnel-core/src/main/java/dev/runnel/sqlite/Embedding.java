package dev.runnel.sqlite;

/**
 * Whether an application in this process may use SQLite on the same databases. POSIX drops all of a process's locks on
 * a file when it closes any descriptor of it, so beside such an application no descriptor is ever closed.
 */
public enum Embedding {
    /** This process is Runnel's own. */
    ALONE,
    /** An application lives here too. */
    EMBEDDED
}

package dev.runnel.testkit.sql;

/** SQLite refused a statement. */
public final class SqlFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int BUSY = 5;
    private static final int LOCKED = 6;

    private final int code;

    SqlFailure(int code, String message) {
        super(message);
        this.code = code & 0xff;
    }

    /** SQLite's primary result code. */
    public int code() {
        return code;
    }

    /** Whether somebody else was in the way, as happens to every application with several connections. */
    public boolean isContention() {
        return code == BUSY || code == LOCKED;
    }
}

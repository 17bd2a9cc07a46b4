package dev.runnel.engine;

import dev.runnel.capture.ImageReader;
import dev.runnel.capture.LocalHistory;
import dev.runnel.ltx.Txid;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * One attached database and its local history, taken forward in short steps. It decides nothing about attaching; it says
 * when it is over, and why. For the disk lane, one thread at a time.
 */
sealed interface Following extends Closeable permits WalFollowing, RollbackFollowing {
    LocalHistory history();

    /** Something happened to the files. */
    void event();

    /** Whether looking from time to time is better than being told. */
    boolean isBusy();

    /** Healthy, unless what was tried last does not work. */
    Health health();

    /** One step: short, but for what SQLite or the disk make us wait. */
    Outcome step() throws IOException;

    /**
     * Goes on capturing everything committed so far; true once that is whole and has a TXID. One bounded step.
     *
     * @throws dev.runnel.sqlite.SourceException.Discontinuity if the files that were read have lost their names, so that
     *     something may have been committed elsewhere
     */
    boolean flush() throws IOException;

    /**
     * The TXID of everything committed so far: the newest, or the one that its change set will have. Closes none. Empty while
     * that is not known; then it is called again after the next step.
     */
    Optional<Txid> upcoming() throws IOException;

    /** After the last {@link #flush} of a run: records what the next run need not check again. */
    void finish() throws IOException;

    /** Whether nothing that was captured waits for pages that are still being looked for. */
    boolean isWhole();

    /** Like {@link #flush}, and makes sure that the log has a TXID above one. */
    boolean flushAbove(Txid txid) throws IOException;

    /**
     * Begins an image of what is committed now, as the newest TXID; only of pages changed after a TXID. Empty while something
     * is to be scanned first: then it is called again after the next step.
     */
    Optional<ImageReader> beginImage(Txid after) throws IOException;

    /** Ends everything that is held of the database. The history stays open. */
    @Override
    void close() throws IOException;

    /** The outcome of a step. */
    sealed interface Outcome {
        /** Step again after so many nanoseconds, or when something happens. */
        record Again(long nanos) implements Outcome {}

        /** Nothing happens, and no one needs the database to stay attached: Runnel detaches, everything is captured. */
        record LetGo() implements Outcome {}

        /** The database, its WAL or its wal-index has another file under its name now, or none. */
        record Replaced() implements Outcome {}
    }
}

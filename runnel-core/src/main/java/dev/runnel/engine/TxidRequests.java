package dev.runnel.engine;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Signal;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Future;

/** What others want to have captured, or to know about what is captured. Each is answered with a TXID. */
final class TxidRequests {
    private final Requests<Txid> flushes;
    private final Requests<Txid> captures;
    private final Requests<Txid> questions;

    TxidRequests(Signal signal) {
        flushes = new Requests<>(signal);
        captures = new Requests<>(signal);
        questions = new Requests<>(signal);
    }

    /** The newest TXID once everything committed has one; the newest there is, if the database cannot be attached now. */
    Future<Txid> flush() {
        return flushes.submit(Optional::of).future();
    }

    /** The newest TXID once everything committed has one, and waits for that until the database can be attached. */
    Future<Txid> capture() {
        return captures.submit(Optional::of).future();
    }

    /**
     * The TXID that what is committed now has, or will have when its change set is closed at its usual time. It may turn out
     * that nothing has changed; then a later question gets a lower answer, which holds. Waits until the database can be
     * attached.
     */
    Future<Txid> upcoming() {
        return questions.submit(Optional::of).future();
    }

    /** Answers what can be answered after one step; returns whether a flush is waiting for more. */
    boolean serve(Following following) throws IOException {
        if (!questions.isEmpty()) {
            following.upcoming().ifPresent(questions::runAll);
        }
        if (flushes.isEmpty() && captures.isEmpty()) {
            return false;
        }
        if (!following.flush()) {
            return true;
        }
        answerAll(following.history().txid());
        return false;
    }

    /** Nothing has been committed since the newest TXID. */
    void answerAll(Txid newest) {
        questions.runAll(newest);
        flushes.runAll(newest);
        captures.runAll(newest);
    }

    /** Who does not wait for the database gets what there is. */
    void answerFlushes(Txid newest) {
        flushes.runAll(newest);
    }

    /** The database is not followed any more. */
    void refuseAll(IOException reason) {
        questions.refuseAll(reason);
        flushes.refuseAll(reason);
        captures.refuseAll(reason);
    }
}

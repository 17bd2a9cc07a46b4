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

    /**
     * How many requests there were at one time. Only these may be answered with what is found after it: a later request
     * asks about later commits, too.
     */
    record Asked(int questions, int flushes, int captures) {}

    /** What has been asked so far. */
    Asked asked() {
        return new Asked(questions.count(), flushes.count(), captures.count());
    }

    /** Answers what can be answered after one step; returns whether a flush is waiting for more. */
    boolean serve(Following following) throws IOException {
        Asked asked = asked();
        if (asked.questions() > 0) {
            Optional<Txid> upcoming = following.upcoming();
            upcoming.ifPresent(txid -> questions.runOldest(asked.questions(), txid));
        }
        if (asked.flushes() + asked.captures() == 0) {
            return false;
        }
        if (!following.flush()) {
            return true;
        }
        answer(
                new Asked(0, asked.flushes(), asked.captures()),
                following.history().txid());
        return false;
    }

    /** Nothing had been committed since the newest TXID after this had been asked. */
    void answer(Asked asked, Txid newest) {
        questions.runOldest(asked.questions(), newest);
        flushes.runOldest(asked.flushes(), newest);
        captures.runOldest(asked.captures(), newest);
    }

    /** Requests that do not wait for the database get the present state. */
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

package dev.runnel.s3;

import dev.runnel.s3.S3Requests.Condition;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a service turned out to support in a bucket; all replicas in the bucket share it.
 *
 * <p>Amazon keeps {@code If-None-Match: *}. Of other services some refuse the header, and some accept it and overwrite all
 * the same, so the first object is put twice: the second time must be refused. Google's has no deletion of many objects
 * with one request.
 */
final class Dialect {
    private static final Logger LOG = LoggerFactory.getLogger(Dialect.class);

    private final String location;
    private final AtomicBoolean beingFoundOut = new AtomicBoolean();
    private volatile Knowledge knowledge;
    private volatile boolean hasBulkDeletion = true;

    private enum Knowledge {
        UNKNOWN,
        KEPT,
        NOT_KEPT
    }

    /** @param location of the bucket, for the log */
    Dialect(S3Provider provider, String location) {
        this.location = location;
        this.knowledge = provider == S3Provider.AWS ? Knowledge.KEPT : Knowledge.UNKNOWN;
    }

    /** Whether many objects may be deleted with one request; true until the service says otherwise. */
    boolean hasBulkDeletion() {
        return hasBulkDeletion;
    }

    /** The service refused to delete many objects with one request, and deleted the same objects one by one. */
    void lacksBulkDeletion() {
        if (hasBulkDeletion) {
            hasBulkDeletion = false;
            LOG.info("{}: this service has no bulk deletion; objects are deleted one by one", location);
        }
    }

    /** Whether a put may go ahead without looking first whether the key is free. */
    boolean areKept() {
        return knowledge == Knowledge.KEPT;
    }

    /** Runs the trial if the result is unknown and no other thread is running it. */
    void findOut(Runnable attempt) {
        if (knowledge == Knowledge.UNKNOWN && beingFoundOut.compareAndSet(false, true)) {
            try {
                attempt.run();
            } finally {
                beingFoundOut.set(false);
            }
        }
    }

    /** What a put of an object that must not be there is to carry. */
    Condition absent() {
        return knowledge == Knowledge.NOT_KEPT ? Condition.NONE : Condition.ABSENT;
    }

    /** A put onto a taken key was refused. */
    void kept() {
        knowledge = Knowledge.KEPT;
    }

    /** The header was refused, or a put onto a taken key was done. */
    void notKept() {
        if (knowledge != Knowledge.NOT_KEPT) {
            knowledge = Knowledge.NOT_KEPT;
            LOG.warn(
                    "{}: this service has no conditional writes, so a second writer is detected only by what it has"
                            + " already written; make sure that there is none",
                    location);
        }
    }
}

package dev.runnel.s3;

import dev.runnel.s3.S3Requests.Condition;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a service keeps {@code If-None-Match: *} in a bucket. Amazon does. Of others some refuse the header, and some
 * accept it and overwrite all the same, so the first object is put twice: the second time must be refused. All replicas in
 * the bucket share what is known.
 */
final class Conditions {
    private static final Logger LOG = LoggerFactory.getLogger(Conditions.class);

    private final String location;
    private final AtomicBoolean beingFoundOut = new AtomicBoolean();
    private volatile Knowledge knowledge;

    private enum Knowledge {
        UNKNOWN,
        KEPT,
        NOT_KEPT
    }

    /** @param location of the bucket, for the log */
    Conditions(S3Provider provider, String location) {
        this.location = location;
        this.knowledge = provider == S3Provider.AWS ? Knowledge.KEPT : Knowledge.UNKNOWN;
    }

    /** Whether a put may go ahead without looking first whether the key is free. */
    boolean areKept() {
        return knowledge == Knowledge.KEPT;
    }

    /** Does what finds out, if it is not known, and nobody else is at it. */
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
                    "{}: this service has no conditional writes, so a second writer is noticed only by what it has written"
                            + " before; make sure that there is none",
                    location);
        }
    }
}

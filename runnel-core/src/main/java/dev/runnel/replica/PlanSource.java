package dev.runnel.replica;

import dev.runnel.ltx.PageSink;
import dev.runnel.replica.RestorePlan.PlannedFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The pages of a plan, each to be moved once: runs of pages that can be read side by side. Every method that reads may
 * fail with {@link ReplicaException.Vanished}.
 */
public interface PlanSource extends Closeable {
    /** In bytes. */
    int pageSize();

    /** Size of the database that comes out, in pages. */
    int pageCount();

    /**
     * The checksum of the whole database that comes out, where the files carry a proof. Where they do not, every file is
     * read from end to end and checked against its own checksum, and a run that is read without error is right.
     */
    OptionalLong databaseChecksum();

    /**
     * The next run, or empty after the last. Every page but the lock page is in exactly one run, in no certain order. For
     * one thread at a time.
     */
    Optional<Run> next() throws IOException;

    /**
     * The next run, or empty after the last, leaving out pages that are there already. A source that cannot leave any out
     * gives all, and does not ask.
     */
    default Optional<Run> next(Present present) throws IOException {
        return next();
    }

    /**
     * After a database checksum that did not come out right: reads every file from end to end.
     *
     * @throws ReplicaException.Damaged always: it names the first file with a fault, or says that the files, each as it
     *     was written, do not belong together
     */
    void findDamage() throws IOException;

    /** Knows the pages that need not be moved. */
    @FunctionalInterface
    interface Present {
        /** Whether the version of a page that a file holds is there. */
        boolean has(int page, PlannedFile file) throws IOException;
    }

    /** Some pages, read and decoded on the caller's thread. Runs are independent, and one may be read again. */
    interface Run {
        /** Bytes this run fetches. */
        long size();

        /** The file that all its pages come from, where it is one. */
        default Optional<PlannedFile> file() {
            return Optional.empty();
        }

        /**
         * Reads the run. What the sink got counts only once this has returned.
         *
         * @throws ReplicaException.Damaged that names the file
         */
        void readTo(PageSink sink) throws IOException;
    }
}

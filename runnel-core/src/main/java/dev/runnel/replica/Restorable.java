package dev.runnel.replica;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** History that can be restored from. Blocking. Errors are {@link ReplicaException}s or those of the store below. */
public interface Restorable {
    /** What can be restored, from names and times only. */
    History history() throws IOException;

    /** The time of the newest object, whether it can be restored or not; empty if there is none. */
    Optional<Instant> newest() throws IOException;

    /** Which history it is and from where to where it goes, by which the newest of several is chosen; empty if there is none. */
    Optional<HistoryExtent> extent() throws IOException;

    /**
     * Finds the files that restore the target, from names and times only.
     *
     * @throws ReplicaException.NothingToRestore if there is no history
     * @throws ReplicaException.NotReachable if the target is not restorable; it names the nearest points that are
     */
    default RestorePlan plan(RestoreTarget target) throws IOException {
        return plan(target, Set.of());
    }

    /**
     * Like {@link #plan(RestoreTarget)}, leaving out files that turned out damaged. They still count as history: a target
     * that only they reach is not restorable.
     *
     * @param damaged keys
     */
    RestorePlan plan(RestoreTarget target, Set<String> damaged) throws IOException;

    /** Opens the files of a plan for reading page by page. */
    PlanSource read(RestorePlan plan) throws IOException;

    /**
     * Reads every object from its first to its last byte, in memory that does not depend on how many there are or how large
     * they are. What is removed meanwhile is left out.
     *
     * @throws dev.runnel.store.StoreException if the store cannot be read, which says nothing about an object
     */
    void readObjects(ObjectSink sink) throws IOException;

    /** Where it is and what it is, for messages. */
    String description();
}

package dev.runnel.location;

import dev.runnel.store.Leftover;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where a replica is. Two are equal if they are the same place and are used in the same way; neither {@code toString} nor
 * anything else here shows a secret.
 */
public interface Location {
    /** The name of its {@link LocationType}. */
    String type();

    /** Where it is, for messages and status: a URL or a path. */
    String display();

    /** The same text for the same place, however it was written: two replicas there would disturb each other. */
    default String identity() {
        return type() + " " + display();
    }

    /** What fails together with it, such as the bucket, or the folders of this machine. */
    String failureDomain();

    /** How its store behaves. */
    StoreTraits traits();

    /** The folder of this machine that its objects are files of, and that can be watched; empty if there is none. */
    default Optional<Path> folder() {
        return Optional.empty();
    }

    /**
     * A place of the same kind below this one, used in the same way: each database of a folder has its own.
     *
     * @param relative with slashes between its parts
     */
    Location below(String relative);

    /** The location that the keys of the {@code generations} layout are relative to. */
    default Location ofGenerations() {
        return this;
    }

    /** Opens the store, without retries but those of its own library. Nothing is asked of it yet. */
    ObjectStore open(StoreContext context);

    /**
     * Removes what uploads of a killed writer have left, old enough that it cannot be alive.
     *
     * @param isOurs which keys are those of a replica
     */
    void removeLeftovers(StoreContext context, Instant now, Predicate<String> isOurs) throws StoreException;

    /**
     * What uploads that were cut short have left, old enough that none can be alive; nothing where a store cannot tell.
     * {@link #removeLeftovers} removes those that are Runnel's.
     *
     * @param isOurs which keys are those of a replica
     */
    default List<Leftover> leftovers(StoreContext context, Instant now, Predicate<String> isOurs)
            throws StoreException {
        return List.of();
    }
}

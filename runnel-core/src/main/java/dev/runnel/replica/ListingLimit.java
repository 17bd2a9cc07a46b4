package dev.runnel.replica;

/**
 * How many objects of one history fit in the heap while it is examined. A listing with more ends with an error that says
 * what to do, where an exhausted heap would stop every other database, too.
 *
 * @param most so many fit
 */
public record ListingLimit(long most) {
    /** What the most expensive work on a listing takes for each object, at its peak. */
    private static final long BYTES_AN_OBJECT = 400;

    /** For the heap of this process, of which the rest of the program needs a part. */
    public static ListingLimit ofHeap() {
        return new ListingLimit(Runtime.getRuntime().maxMemory() * 3 / 4 / BYTES_AN_OBJECT);
    }

    /**
     * Checks how many objects were listed so far.
     *
     * @param where names the replica
     */
    public void check(long count, String where) throws ReplicaException.TooManyObjects {
        if (count > most) {
            throw new ReplicaException.TooManyObjects(where, most);
        }
    }
}

package dev.runnel.replica;

import dev.runnel.platform.ParallelTasks;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Finds the own times of objects where a listing shows those of the uploads, with a request each. What was uploaded late,
 * or compacted, would count as younger than it is.
 */
public record OwnTimes(ObjectStore store, ListedTimes listed) {
    private static final int REQUESTS_AT_ONCE = 32;

    /**
     * The same objects with their own times.
     *
     * @param with makes an object of another time
     * @throws ReplicaException.Vanished if one is gone meanwhile
     */
    public <T> List<T> of(List<T> objects, Function<T, String> key, BiFunction<T, Instant, T> with) throws IOException {
        return switch (listed) {
            case OWN -> objects;
            case OF_UPLOADS ->
                ParallelTasks.map(REQUESTS_AT_ONCE, objects, object -> with.apply(object, own(key.apply(object))));
        };
    }

    /** The same plan with the own time of what it reaches. */
    public RestorePlan atEnd(RestorePlan plan) throws IOException {
        return switch (listed) {
            case OWN -> plan;
            case OF_UPLOADS -> {
                PlannedFile last = plan.files().getLast();
                yield new RestorePlan(plan.reached(), plan.point(), own(last.key()), plan.files());
            }
        };
    }

    private Instant own(String key) throws IOException {
        return store.stat(key)
                .map(ObjectInfo::time)
                .orElseThrow(() -> new ReplicaException.Vanished(
                        store.location() + ": " + key, new StoreException.NotFound(store.location(), key)));
    }
}

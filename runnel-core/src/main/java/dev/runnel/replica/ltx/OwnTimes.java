package dev.runnel.replica.ltx;

import dev.runnel.platform.Together;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.replica.ltx.LtxKeys.ListedTimes;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Finds the own times of files where a listing shows those of the uploads, with a request each. What was uploaded late,
 * or merged, would count as younger than it is.
 */
record OwnTimes(ObjectStore store, ListedTimes listed) {
    private static final int REQUESTS_AT_ONCE = 32;

    /**
     * The same files with their own times.
     *
     * @throws ReplicaException.Vanished if one is gone meanwhile
     */
    List<LtxObject> of(List<LtxObject> files) throws IOException {
        return switch (listed) {
            case OWN -> files;
            case OF_UPLOADS ->
                Together.each(
                        REQUESTS_AT_ONCE,
                        files,
                        file -> new LtxObject(file.level(), file.range(), file.size(), own(file.key()), file.key()));
        };
    }

    /** The same plan with the own time of what it reaches. */
    RestorePlan atEnd(RestorePlan plan) throws IOException {
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

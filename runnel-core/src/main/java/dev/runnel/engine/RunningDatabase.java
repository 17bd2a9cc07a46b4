package dev.runnel.engine;

import dev.runnel.platform.Threads;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A database that is followed: its actor, and the loops that run it and its replicas. */
record RunningDatabase(DatabaseActor actor, Loop loop, Map<ReplicaActor, Loop> replicas) {
    static RunningDatabase start(DatabaseActor actor, Threads threads) {
        Loop loop = Loop.start(threads.network(), actor);
        Map<ReplicaActor, Loop> replicas = new LinkedHashMap<>();
        for (ReplicaActor replica : actor.replicas()) {
            replicas.put(replica, Loop.start(threads.network(), replica));
        }
        return new RunningDatabase(actor, loop, replicas);
    }

    Path path() {
        return actor.spec().path();
    }
}

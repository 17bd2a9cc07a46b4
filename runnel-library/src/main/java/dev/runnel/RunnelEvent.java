package dev.runnel;

import java.nio.file.Path;
import java.util.Optional;

/** Something that happened to a database or one of its replicas. Replicas are named by their location, without secrets. */
public sealed interface RunnelEvent {
    Path database();

    /** Everything up to a TXID is at a replica. */
    record Durable(Path database, String replica, long txid) implements RunnelEvent {}

    /** A replica has the newest TXID. */
    record CaughtUp(Path database, String replica, long txid) implements RunnelEvent {}

    /**
     * Something is wrong.
     *
     * @param replica empty if it concerns the database itself
     */
    record Degraded(Path database, Optional<String> replica, Health health) implements RunnelEvent {}

    /**
     * Nothing is wrong any more.
     *
     * @param replica empty if it concerns the database itself
     */
    record Recovered(Path database, Optional<String> replica) implements RunnelEvent {}

    /** A database that was missing was restored when Runnel started. */
    record Restored(Path database, RestoredDatabase result) implements RunnelEvent {}
}

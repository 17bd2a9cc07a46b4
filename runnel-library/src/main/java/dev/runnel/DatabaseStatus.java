package dev.runnel;

import dev.runnel.engine.Engine;
import java.nio.file.Path;
import java.util.List;

/**
 * How a database and its replicas are doing.
 *
 * @param txid the newest TXID; 0 if there is none yet
 */
public record DatabaseStatus(Path database, Health health, long txid, List<Replica> replicas) {
    public DatabaseStatus {
        replicas = List.copyOf(replicas);
    }

    /**
     * One replica.
     *
     * @param location where it is, without secrets
     * @param txid history there is whole up to this TXID; 0 if there is none
     */
    public record Replica(String location, Health health, long txid) {}

    static DatabaseStatus of(Engine.DatabaseStatus status) {
        return new DatabaseStatus(
                status.path(),
                Health.of(status.health()),
                status.newest().value(),
                status.replicas().stream()
                        .map(replica -> new Replica(
                                replica.name(),
                                Health.of(replica.health()),
                                replica.shipped().value()))
                        .toList());
    }

    /** Whether every replica has the newest TXID. */
    public boolean isCaughtUp() {
        return replicas.stream().allMatch(replica -> replica.txid() >= txid);
    }
}

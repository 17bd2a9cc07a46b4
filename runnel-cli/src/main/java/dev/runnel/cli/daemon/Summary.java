package dev.runnel.cli.daemon;

import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.Engine.ReplicaStatus;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Txid;
import java.util.List;
import java.util.stream.Collectors;

/** What is said from time to time of one database, or of all. */
final class Summary {
    private Summary() {}

    /** How many databases there are, and how many of them are well with all of their replicas. */
    static String of(List<DatabaseStatus> databases) {
        long well = databases.stream()
                .filter(database -> database.health() instanceof Health.Healthy
                        && database.replicas().stream().allMatch(replica -> replica.health() instanceof Health.Healthy))
                .count();
        return databases.size() + (databases.size() == 1 ? " database, " : " databases, ") + well + " healthy";
    }

    /** The newest TXID, how the database is doing, and what each replica has. */
    static String of(DatabaseStatus database) {
        String replicas = database.replicas().stream()
                .map(replica -> replica.name() + ": " + of(replica, database.newest()))
                .collect(Collectors.joining("; "));
        String newest = database.newest().isNone() ? "nothing captured yet" : "TXID " + database.newest();
        return newest + ", " + of(database.health()) + "; " + replicas;
    }

    private static String of(ReplicaStatus replica, Txid newest) {
        boolean isComplete = replica.shipped().equals(newest) && !newest.isNone();
        String shipped = replica.shipped().isNone() ? "has nothing yet" : "complete up to TXID " + replica.shipped();
        String position = isComplete ? "complete" : shipped;
        return replica.health() instanceof Health.Healthy ? position : position + ", " + of(replica.health());
    }

    private static String of(Health health) {
        return switch (health) {
            case Health.Healthy() -> "healthy";
            case Health.Waiting(String reason, String _) -> "waiting: " + reason;
            case Health.Working(String reason, String _) -> reason;
            case Health.Degraded(String reason, String _) -> "degraded: " + reason;
            case Health.Stopped(String reason, String _) -> "stopped: " + reason;
        };
    }
}

package dev.runnel.cli.metrics;

import dev.runnel.cli.metrics.Exposition.Kind;
import dev.runnel.cli.output.FileSize;
import dev.runnel.engine.Engine;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.Engine.ReplicaStatus;
import dev.runnel.engine.Health;
import dev.runnel.setup.Replicas;
import dev.runnel.store.StoreUsage;
import dev.runnel.store.StoreUsage.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * All metrics of the daemon: those of Litestream under their names, and Runnel's own. What each means is in
 * {@code docs/metrics.md}.
 */
public final class Metrics {
    private static final double NANOS = 1e9;
    private static final Map<String, Function<StoreUsage, Operation>> OPERATIONS = operations();

    private final Engine engine;
    private final Replicas replicas;
    private final Verifications verifications;

    public Metrics(Engine engine, Replicas replicas, Verifications verifications) {
        this.engine = engine;
        this.replicas = replicas;
        this.verifications = verifications;
    }

    private static Map<String, Function<StoreUsage, Operation>> operations() {
        Map<String, Function<StoreUsage, Operation>> operations = new LinkedHashMap<>();
        operations.put("PUT", StoreUsage::put);
        operations.put("GET", StoreUsage::open);
        operations.put("HEAD", StoreUsage::stat);
        operations.put("LIST", StoreUsage::list);
        operations.put("DELETE", StoreUsage::delete);
        return operations;
    }

    /** All of them, as of now. */
    public String page() {
        Exposition page = new Exposition();
        List<DatabaseStatus> databases = engine.status();
        addDatabases(page, databases);
        addReplicas(page, databases);
        addStores(page);
        verifications.addTo(page);
        ProcessMetrics.addTo(page);
        return page.toString();
    }

    /** What fails, one line for each database or replica; empty if nothing. */
    public List<String> failures() {
        return reasons(Health::isFailure);
    }

    /** What is not as it should be, including what is only under way or waited for; empty if nothing. */
    public List<String> obstacles() {
        return reasons(health -> !(health instanceof Health.Healthy));
    }

    private List<String> reasons(Predicate<Health> counts) {
        List<String> reasons = new ArrayList<>();
        for (DatabaseStatus database : engine.status()) {
            if (counts.test(database.health())) {
                reasons.add(database.path() + ": " + database.health().reason());
            }
            for (ReplicaStatus replica : database.replicas()) {
                if (counts.test(replica.health())) {
                    reasons.add(database.path() + " at " + replica.name() + ": "
                            + replica.health().reason());
                }
            }
        }
        return reasons;
    }

    private static void addDatabases(Exposition page, List<DatabaseStatus> all) {
        page.family("litestream_db_size", Kind.GAUGE, "Size of the database file in bytes.");
        each(page, all, database -> FileSize.of(database.path()));
        page.family("litestream_wal_size", Kind.GAUGE, "Size of the WAL in bytes.");
        each(page, all, database -> FileSize.ofWal(database.path()));
        page.family("litestream_txid", Kind.GAUGE, "Newest TXID.");
        each(page, all, database -> database.newest().value());
        page.family("litestream_total_wal_bytes", Kind.COUNTER, "Bytes of change sets that were captured.");
        each(page, all, database -> database.activity().bytes());
        page.family("litestream_sync_count", Kind.COUNTER, "Change sets that were captured.");
        each(page, all, database -> database.activity().changeSets());
        page.family("litestream_sync_error_count", Kind.COUNTER, "Times that following the database failed.");
        each(page, all, database -> database.activity().failures());
        page.family("litestream_sync_seconds", Kind.COUNTER, "Time taken to capture change sets.");
        each(page, all, database -> database.activity().time().toNanos() / NANOS);
        page.family("runnel_database_healthy", Kind.GAUGE, "1 if the database is followed and nothing is wrong.");
        each(page, all, database -> database.health() instanceof Health.Healthy ? 1 : 0);
    }

    private static void each(Exposition page, List<DatabaseStatus> all, ToDoubleFunction<DatabaseStatus> value) {
        all.forEach(database ->
                page.sample(value.applyAsDouble(database), "db", database.path().toString()));
    }

    private void addReplicas(Exposition page, List<DatabaseStatus> all) {
        page.family("runnel_replica_healthy", Kind.GAUGE, "1 if nothing is wrong with the replica.");
        eachReplica(page, all, (_, replica) -> replica.health() instanceof Health.Healthy ? 1 : 0);
        page.family("runnel_replica_txid", Kind.GAUGE, "TXID up to which the replica is complete.");
        eachReplica(page, all, (_, replica) -> replica.shipped().value());
        page.family("runnel_replica_lag_txids", Kind.GAUGE, "TXIDs that the replica does not have yet.");
        eachReplica(
                page,
                all,
                (database, replica) -> Math.max(
                        0, database.newest().value() - replica.shipped().value()));
        page.family("runnel_replica_lag_seconds", Kind.GAUGE, "Age of the oldest change set not at the replica.");
        eachReplica(page, all, this::lag);
    }

    /** A number for one replica of a database. */
    private interface Measure {
        double of(DatabaseStatus database, ReplicaStatus replica);
    }

    private static void eachReplica(Exposition page, List<DatabaseStatus> all, Measure measure) {
        for (DatabaseStatus database : all) {
            for (ReplicaStatus replica : database.replicas()) {
                page.sample(measure.of(database, replica), "db", database.path().toString(), "replica", replica.name());
            }
        }
    }

    /** NaN says that it is not known, which no alert takes for zero. */
    private double lag(DatabaseStatus database, ReplicaStatus replica) {
        return engine.lag(database, replica).map(lag -> lag.toMillis() / 1000.0).orElse(Double.NaN);
    }

    private void addStores(Exposition page) {
        Map<String, List<StoreUsage>> usage = replicas.usage();
        page.family("litestream_replica_operation_total", Kind.COUNTER, "Requests to stores.");
        eachOperation(page, usage, Operation::requests);
        page.family("litestream_replica_operation_bytes", Kind.COUNTER, "Bytes read from and written to stores.");
        eachOperation(page, usage, Operation::bytes);
        page.family("litestream_replica_operation_errors_total", Kind.COUNTER, "Requests to stores that failed.");
        eachOperation(page, usage, Operation::errors);
        page.family("runnel_replica_operation_seconds_total", Kind.COUNTER, "Time spent in requests to stores.");
        eachOperation(page, usage, operation -> operation.time().toNanos() / NANOS);
    }

    private static void eachOperation(
            Exposition page, Map<String, List<StoreUsage>> usage, ToDoubleFunction<Operation> value) {
        usage.forEach((type, stores) -> OPERATIONS.forEach((name, operation) -> page.sample(
                stores.stream().map(operation).mapToDouble(value).sum(), "replica_type", type, "operation", name)));
    }
}

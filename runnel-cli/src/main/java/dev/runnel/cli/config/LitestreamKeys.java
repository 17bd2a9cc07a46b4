package dev.runnel.cli.config;

import dev.runnel.cli.config.ForeignKeys.Covered;
import dev.runnel.cli.config.ForeignKeys.NotBuilt;
import dev.runnel.cli.config.ForeignKeys.NotNeeded;
import dev.runnel.cli.config.ForeignKeys.Standing;
import dev.runnel.location.LocationType;
import dev.runnel.location.LocationTypes;
import dev.runnel.setup.ReplicaTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of Litestream 0.3 and 0.5 that Runnel does not read, by the section they stand in. */
final class LitestreamKeys {
    private static final Standing CHECKPOINTS = new NotNeeded(
            "the application's own checkpoints do their work beside Runnel; see \"checkpoint\" and \"wal-limit\"");
    private static final Standing BATCHES = new NotNeeded("the size of an upload is limited without it");
    private static final Standing CLOUD = new NotBuilt(
            "this belongs to another type of replica, which is not supported yet; " + ReplicaTypes.built());
    private static final Standing UNUSED =
            new NotNeeded("it is a default for replicas of another type, and there is none in this file");
    private static final List<String> CLOUD_KEYS = List.of("""
            account-name account-key sas-token host user password key-path
            concurrent-writes host-key webdav-url webdav-username webdav-password jwt seed creds nkey username token
            tls root-cas client-cert client-key max-reconnects reconnect-wait timeout
            """.split("\\s+"));

    static final ForeignKeys NO_OTHERS = new ForeignKeys(Map.of());
    static final ForeignKeys GLOBAL = new ForeignKeys(global());
    static final ForeignKeys DATABASE = new ForeignKeys(database());
    static final ForeignKeys OTHER_REPLICA = new ForeignKeys(otherReplica());
    static final ForeignKeys LOGGING = new ForeignKeys(Map.of());

    private LitestreamKeys() {}

    private static Map<String, Standing> global() {
        Map<String, Standing> keys = new LinkedHashMap<>(ofAnyReplica(UNUSED));
        keys.put("mcp-addr", new NotBuilt("the MCP server is not supported yet; remove the key"));
        keys.put("verify-compaction", new NotNeeded("compaction never leaves a hole"));
        keys.put("age", new NotBuilt("keys for all replicas are not supported yet; give each replica its \"age\""));
        keys.put("shutdown-sync-interval", new NotNeeded("the last sync tries again by itself"));
        return keys;
    }

    private static Map<String, Standing> database() {
        Map<String, Standing> keys = new LinkedHashMap<>();
        keys.put("monitor-interval", new NotNeeded("changes are detected as they happen"));
        keys.put("checkpoint-interval", CHECKPOINTS);
        keys.put("min-checkpoint-page-count", CHECKPOINTS);
        keys.put("max-checkpoint-page-count", CHECKPOINTS);
        keys.put("truncate-page-n", CHECKPOINTS);
        keys.put("max-sync-wal-bytes", BATCHES);
        return keys;
    }

    /** In the section of a replica of some type: what belongs to other types, too. */
    static ForeignKeys ofReplica(LocationType type) {
        Map<String, Standing> keys = replica(CLOUD);
        for (LocationType other : LocationTypes.installed().all()) {
            Standing ofOther = new NotBuilt(
                    "this belongs to a replica of type " + other.name() + ", and this one is " + type.description());
            other.options().forEach(option -> keys.put(option.key(), ofOther));
        }
        return new ForeignKeys(keys);
    }

    /** Where the type itself is reported, what belongs to it is not. */
    private static Map<String, Standing> otherReplica() {
        Map<String, Standing> keys = replica(new Covered());
        for (LocationType type : LocationTypes.installed().all()) {
            type.options().forEach(option -> keys.put(option.key(), new Covered()));
        }
        return keys;
    }

    private static Map<String, Standing> replica(Standing cloud) {
        Map<String, Standing> keys = new LinkedHashMap<>(ofAnyReplica(cloud));
        keys.put(
                "retention-check-interval",
                new NotNeeded("expired objects are removed after each listing of the replica"));
        return keys;
    }

    /** Replica keys, which 0.5 also takes at the top of the file as defaults for every replica. */
    private static Map<String, Standing> ofAnyReplica(Standing cloud) {
        Map<String, Standing> keys = new LinkedHashMap<>();
        for (String key : CLOUD_KEYS) {
            keys.put(key, cloud);
        }
        keys.put("max-sync-ltx-files", BATCHES);
        keys.put("auto-recover", new NotNeeded("local state that is lost or damaged is always repaired"));
        return keys;
    }
}

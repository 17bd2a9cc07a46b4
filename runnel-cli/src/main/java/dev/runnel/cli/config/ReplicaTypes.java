package dev.runnel.cli.config;

import dev.runnel.location.LocationTypes;
import java.util.List;

/** The types of replica of Litestream's that are not built. */
final class ReplicaTypes {
    private static final List<String> NOT_BUILT =
            List.of("gs", "gcs", "abs", "sftp", "webdav", "webdavs", "nats", "oss");

    private ReplicaTypes() {}

    static boolean isNotBuilt(String type) {
        return NOT_BUILT.contains(type);
    }

    static String notBuilt(String type) {
        return "replicas of type " + type + " are not built yet; " + built();
    }

    /** What there is, for messages. */
    static String built() {
        return "a replica is " + LocationTypes.installed().descriptions();
    }
}

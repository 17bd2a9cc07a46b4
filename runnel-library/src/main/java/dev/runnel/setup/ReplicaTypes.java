package dev.runnel.setup;

import dev.runnel.location.LocationTypes;
import java.util.List;
import java.util.Optional;

/** The types of replica of Litestream's that are not built. */
public final class ReplicaTypes {
    private static final List<String> NOT_BUILT =
            List.of("gs", "gcs", "abs", "sftp", "webdav", "webdavs", "nats", "oss");

    private ReplicaTypes() {}

    /** What to say of a type of Litestream's that is not built; empty for any other word. */
    static Optional<String> notBuilt(String type) {
        return NOT_BUILT.contains(type)
                ? Optional.of("replicas of type " + type + " are not supported yet; " + built())
                : Optional.empty();
    }

    /** What to say of a word that is no type of a replica here. */
    public static String unknown(String type) {
        return notBuilt(type).orElse("unknown replica type \"" + type + "\"; " + built());
    }

    /** What there is, for messages. */
    public static String built() {
        return "a replica is " + LocationTypes.installed().descriptions();
    }
}

package dev.runnel.cli.config;

import java.util.List;

/** The kinds of replica that configurations in use have. */
final class ReplicaTypes {
    static final String FILE = "file";
    private static final List<String> NOT_BUILT =
            List.of("s3", "gs", "gcs", "abs", "sftp", "webdav", "webdavs", "nats", "oss");

    private ReplicaTypes() {}

    static boolean isNotBuilt(String type) {
        return NOT_BUILT.contains(type);
    }

    static String notBuilt(String type) {
        return "replicas of type " + type + " are not built yet; a replica is a folder (type file)";
    }
}

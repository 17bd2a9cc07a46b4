package dev.runnel.cli.config;

import java.util.List;

/** The kinds of replica that configurations in use have. */
final class ReplicaTypes {
    static final String FILE = "file";
    static final String S3 = "s3";

    /** What there is, for messages. */
    static final String BUILT = "a replica is a folder (type file) or a path in a bucket (type s3)";

    private static final List<String> NOT_BUILT =
            List.of("gs", "gcs", "abs", "sftp", "webdav", "webdavs", "nats", "oss");

    private ReplicaTypes() {}

    static boolean isNotBuilt(String type) {
        return NOT_BUILT.contains(type);
    }

    static String notBuilt(String type) {
        return "replicas of type " + type + " are not built yet; " + BUILT;
    }
}

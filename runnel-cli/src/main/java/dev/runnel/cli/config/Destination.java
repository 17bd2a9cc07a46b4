package dev.runnel.cli.config;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.s3.S3Settings;
import java.nio.file.Path;

/** A place that the history of a database goes to. */
public sealed interface Destination {
    /** How the configuration and the commands call this kind. */
    String type();

    /** Where it is, for messages: without secrets. */
    String location();

    /** What it shares its fate with: a bucket, or the folders of this machine. */
    String place();

    /** A folder of this machine, given as an absolute path. */
    record Folder(Path path) implements Destination {
        @Override
        public String type() {
            return "file";
        }

        @Override
        public String location() {
            return path.toString();
        }

        @Override
        public String place() {
            return DatabaseSpec.ReplicaSpec.FOLDERS;
        }
    }

    /** A place in a bucket. */
    record S3(S3Settings settings) implements Destination {
        @Override
        public String type() {
            return "s3";
        }

        @Override
        public String location() {
            return settings.location();
        }

        @Override
        public String place() {
            return settings.bucketLocation();
        }
    }
}

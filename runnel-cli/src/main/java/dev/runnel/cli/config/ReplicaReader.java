package dev.runnel.cli.config;

import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.s3.S3Option;
import dev.runnel.s3.S3Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the sections of replicas. */
final class ReplicaReader {
    private final Locations locations;
    private final S3Reader s3;
    private final Map<S3Option, String> s3Defaults;
    private final Claims destinations = new Claims();

    /** Takes from the top of the file what is the default of its replicas. */
    ReplicaReader(Locations locations, Section top) {
        this.locations = locations;
        this.s3 = new S3Reader(locations);
        this.s3Defaults = s3.readDefaults(top);
    }

    /**
     * Reads all replicas of a database, under {@code replica} or {@code replicas}. A database without any is accepted, as
     * Litestream 0.3 does, with a warning.
     */
    List<ReplicaConfig> readAll(Section database, Duration defaultSyncInterval, LtxPolicy defaultPolicy) {
        Optional<Value> single = database.take("replica");
        Optional<Value> several = database.take("replicas");
        if (single.isPresent() && several.isPresent()) {
            database.problem("replicas", "\"replica\" is here too; keep one of the two");
        }
        List<Value> items =
                single.map(List::of).orElseGet(() -> several.map(Value::items).orElse(List.of()));
        if (items.isEmpty()) {
            database.notice("has no replica, so nothing of this database is backed up; give it a \"replica\"");
        }
        List<ReplicaConfig> replicas = new ArrayList<>();
        Claims names = new Claims();
        for (Value item : items) {
            item.section()
                    .flatMap(section -> read(section, names, defaultSyncInterval, defaultPolicy))
                    .ifPresent(replicas::add);
        }
        return replicas;
    }

    private Optional<ReplicaConfig> read(
            Section section, Claims names, Duration defaultSyncInterval, LtxPolicy defaultPolicy) {
        Optional<String> name = section.take("name").flatMap(value -> value.as(ReplicaReader::checkedName));
        Duration syncInterval =
                section.take("sync-interval").flatMap(Value::interval).orElse(defaultSyncInterval);
        Layout layout = PolicyReader.replica(section, defaultPolicy);
        StoreOptions store = StoreOptionsReader.read(section);
        Optional<Destination> destination = readDestination(section);
        if (destination.isEmpty()) {
            return Optional.empty();
        }
        ReplicaConfig replica = new ReplicaConfig(
                name.orElse(destination.get().type()), destination.get(), syncInterval, store, layout);
        names.take(replica.name(), section.path())
                .ifPresent(owner -> section.problem(
                        owner + " is called \"" + replica.name() + "\" already; give each a \"name\" of its own"));
        claim(section, replica.destination());
        return Optional.of(replica);
    }

    private Optional<Destination> readDestination(Section section) {
        Optional<String> type = section.take("type").flatMap(Value::text);
        Optional<Value> url = section.take("url");
        Optional<Value> path = section.take("path");
        if (url.isPresent() && path.isPresent()) {
            section.problem("path", "\"url\" is here too; keep one of the two");
        }
        String kind = url.flatMap(Value::text)
                .filter(Locations::isUrl)
                .map(text -> text.substring(0, text.indexOf(':')))
                .or(() -> type)
                .orElse(ReplicaTypes.FILE);
        return switch (kind) {
            case ReplicaTypes.S3 -> readS3(section, url, path);
            case ReplicaTypes.FILE -> readFolder(section, url, path);
            default -> refuse(section, url, kind);
        };
    }

    private static Optional<Destination> refuse(Section section, Optional<Value> url, String kind) {
        section.problem(
                url.isPresent() ? "url" : "type",
                ReplicaTypes.isNotBuilt(kind)
                        ? ReplicaTypes.notBuilt(kind)
                        : "unknown replica type \"" + kind + "\"; " + ReplicaTypes.BUILT);
        section.finish(LitestreamKeys.OTHER_REPLICA);
        return Optional.empty();
    }

    private Optional<Destination> readS3(Section section, Optional<Value> url, Optional<Value> path) {
        Map<S3Option, String> own = s3.readReplica(section);
        section.finish(LitestreamKeys.S3_REPLICA);
        Map<S3Option, String> options = new EnumMap<>(S3Option.class);
        if (url.isPresent()) {
            Optional<Map<S3Option, String>> ofUrl = url.get().as(S3Settings::optionsOf);
            if (ofUrl.isEmpty()) {
                return Optional.empty();
            }
            if (own.containsKey(S3Option.BUCKET)) {
                section.problem("bucket", "\"url\" is here too; keep one of the two");
            }
            options.putAll(ofUrl.get());
        }
        // What the file says comes before what a URL says, and the default bucket is for those who have no URL.
        s3Defaults.forEach((option, value) -> {
            if (option != S3Option.BUCKET || url.isEmpty()) {
                options.put(option, value);
            }
        });
        options.putAll(own);
        path.flatMap(value -> value.as(ReplicaReader::noUrl)).ifPresent(value -> options.put(S3Option.PATH, value));
        try {
            S3Reader.readKeyFile(options);
            return Optional.of(locations.replicaAtS3(options));
        } catch (IllegalArgumentException e) {
            section.problem(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<Destination> readFolder(Section section, Optional<Value> url, Optional<Value> path) {
        section.finish(LitestreamKeys.FOLDER_REPLICA);
        if (!section.has("url") && !section.has("path")) {
            section.problem("a replica needs \"path\" or \"url\"");
        }
        return url.isPresent()
                ? url.flatMap(value -> value.as(locations::replicaAt))
                : path.flatMap(value -> value.as(this::folderAt));
    }

    private Destination folderAt(String path) {
        return new Destination.Folder(locations.path(noUrl(path)));
    }

    private static String noUrl(String path) {
        if (Locations.isUrl(path)) {
            throw new IllegalArgumentException("a path cannot be a URL; write it as \"url\": " + path);
        }
        return path;
    }

    private static String checkedName(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a name has at least one letter");
        }
        return name;
    }

    private void claim(Section section, Destination destination) {
        Optional<String> owner = switch (destination) {
            case Destination.Folder(var path) -> destinations.take(path, section.path());
            case Destination.S3 bucket -> destinations.take(bucket.location(), section.path());
        };
        owner.ifPresent(other -> section.problem(other + " has the same location already: " + destination.location()));
    }
}

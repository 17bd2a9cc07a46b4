package dev.runnel.cli.config;

import dev.runnel.replica.ltx.LtxPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the sections of replicas. */
final class ReplicaReader {
    private final Locations locations;
    private final Claims destinations = new Claims();

    ReplicaReader(Locations locations) {
        this.locations = locations;
    }

    /** Reads all replicas of a database, under {@code replica} or {@code replicas}, and reports it if there are none. */
    List<ReplicaConfig> readAll(Section database, Duration defaultSyncInterval, LtxPolicy defaultPolicy) {
        Optional<Value> single = database.take("replica");
        Optional<Value> several = database.take("replicas");
        if (single.isPresent() && several.isPresent()) {
            database.problem("replicas", "\"replica\" is here too; keep one of the two");
        }
        List<Value> items =
                single.map(List::of).orElseGet(() -> several.map(Value::items).orElse(List.of()));
        if (items.isEmpty()) {
            database.problem("a database needs a \"replica\"");
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
        LtxPolicy policy = PolicyReader.replica(section, defaultPolicy);
        StoreOptions store = StoreOptionsReader.read(section);
        Optional<Destination> destination = readDestination(section);
        if (destination.isEmpty()) {
            return Optional.empty();
        }
        ReplicaConfig replica = new ReplicaConfig(
                name.orElse(destination.get().type()), destination.get(), syncInterval, store, policy);
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
        boolean isFolder = url.isPresent() || type.orElse(ReplicaTypes.FILE).equals(ReplicaTypes.FILE);
        if (!isFolder) {
            String word = type.orElseThrow();
            section.problem(
                    "type",
                    ReplicaTypes.isNotBuilt(word)
                            ? ReplicaTypes.notBuilt(word)
                            : "unknown replica type \"" + word + "\"; a replica is a folder (type file)");
            section.finish(LitestreamKeys.OTHER_REPLICA);
            return Optional.empty();
        }
        section.finish(LitestreamKeys.FOLDER_REPLICA);
        if (url.isPresent() && path.isPresent()) {
            section.problem("path", "\"url\" is here too; keep one of the two");
            return Optional.empty();
        }
        if (!section.has("url") && !section.has("path")) {
            section.problem("a replica needs \"path\" or \"url\"");
        }
        return url.isPresent()
                ? url.flatMap(value -> value.as(locations::replicaAt))
                : path.flatMap(value -> value.as(this::folderAt));
    }

    private Destination folderAt(String path) {
        if (Locations.isUrl(path)) {
            throw new IllegalArgumentException("a path cannot be a URL; write it as \"url\": " + path);
        }
        return new Destination.Folder(locations.path(path));
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
        };
        owner.ifPresent(other -> section.problem(other + " is at the same place already: " + destination.location()));
    }
}

package dev.runnel.cli.config;

import dev.runnel.location.FolderLocationType;
import dev.runnel.location.Location;
import dev.runnel.location.LocationType;
import dev.runnel.location.LocationTypes;
import dev.runnel.location.Option;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.setup.Claims;
import dev.runnel.setup.Layout;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.ReplicaTypes;
import dev.runnel.setup.StoreOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the sections of replicas. */
final class ReplicaReader {
    private final Locations locations;
    private final OptionReader options;
    private final Map<String, String> defaults;
    private final Optional<Duration> verifyInterval;
    private final Claims places = new Claims();

    /** Takes from the top of the file what is the default of its replicas. */
    ReplicaReader(Locations locations, Section top) {
        this.locations = locations;
        this.options = new OptionReader(locations);
        this.defaults = options.readDefaults(top);
        Optional<Section> validation = top.take("validation").flatMap(Value::section);
        Optional<Duration> ofAll =
                validation.flatMap(section -> section.take("interval")).flatMap(Value::duration);
        validation.ifPresent(section -> section.finish(LitestreamKeys.NO_OTHERS));
        this.verifyInterval = readVerifyInterval(top, ofAll.filter(Duration::isPositive));
    }

    /**
     * Reads all replicas of a database, under {@code replica} or {@code replicas}. A database without any is accepted, as
     * Litestream 0.3 does, with a warning.
     */
    List<ReplicaConfig> readAll(Section database, Duration defaultSyncInterval, LtxPolicy defaultPolicy) {
        Optional<Value> single = database.take("replica");
        Optional<Value> several = database.take("replicas");
        if (single.isPresent() && several.isPresent()) {
            database.problem("replicas", "\"replica\" is also set; keep one of the two");
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
        Optional<Duration> verified = readVerifyInterval(section, verifyInterval);
        Optional<Location> location = readLocation(section);
        if (location.isEmpty()) {
            return Optional.empty();
        }
        ReplicaConfig replica = new ReplicaConfig(
                        name.orElse(location.get().type()), location.get(), syncInterval, store, layout)
                .verifiedEvery(verified);
        names.take(replica.name(), section.path())
                .ifPresent(owner -> section.problem(
                        owner + " is called \"" + replica.name() + "\" already; give each a \"name\" of its own"));
        places.take(replica.location().identity(), section.path())
                .ifPresent(owner -> section.problem(owner + " has the same location already: "
                        + replica.location().display()));
        return Optional.of(replica);
    }

    /** Zero or less means never. */
    private static Optional<Duration> readVerifyInterval(Section section, Optional<Duration> inherited) {
        Optional<Duration> given = section.take("validation-interval").flatMap(Value::duration);
        return given.isPresent() ? given.filter(Duration::isPositive) : inherited;
    }

    private Optional<Location> readLocation(Section section) {
        Optional<String> named = section.take("type").flatMap(Value::text);
        Optional<Value> url = section.take("url");
        String kind = url.flatMap(Value::text)
                .filter(Locations::isUrl)
                .map(Locations::scheme)
                .or(() -> named)
                .orElse(FolderLocationType.NAME);
        Optional<LocationType> type = LocationTypes.installed().find(kind);
        if (type.isEmpty()) {
            section.problem(url.isPresent() ? "url" : "type", ReplicaTypes.unknown(kind));
            section.finish(LitestreamKeys.OTHER_REPLICA);
            return Optional.empty();
        }
        return readValues(section, type.get(), url).flatMap(values -> locate(section, type.get(), values));
    }

    /** What the file says comes before what the URL says, and the replica's own keys before those at the top. */
    private Optional<Map<String, String>> readValues(Section section, LocationType type, Optional<Value> url) {
        Optional<Map<String, String>> own = options.readReplica(section, type);
        section.finish(LitestreamKeys.ofReplica(type));
        Optional<Map<String, String>> ofUrl = url.isPresent() ? url.get().as(locations::parse) : Optional.of(Map.of());
        if (own.isEmpty() || ofUrl.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>(ofUrl.get());
        for (Option option : type.options()) {
            boolean isSaidByUrl = url.isPresent() && option.inUrl() == Option.InUrl.ADDRESS;
            if (isSaidByUrl && own.get().containsKey(option.key())) {
                section.problem(option.key(), "\"url\" is also set; keep one of the two");
            }
            if (!isSaidByUrl && defaults.containsKey(option.key())) {
                values.put(option.key(), defaults.get(option.key()));
            }
        }
        values.putAll(own.get());
        return Optional.of(values);
    }

    private Optional<Location> locate(Section section, LocationType type, Map<String, String> values) {
        try {
            return Optional.of(locations.locate(type, values));
        } catch (IllegalArgumentException e) {
            section.problem(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static String checkedName(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a name must have at least one letter");
        }
        return name;
    }
}

package dev.runnel;

import dev.runnel.age.AgeKeyException;
import dev.runnel.age.AgeKeys;
import dev.runnel.location.Location;
import dev.runnel.location.LocationType;
import dev.runnel.location.LocationTypes;
import dev.runnel.location.Option;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Layout;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.ReplicaTypes;
import dev.runnel.setup.StoreOptions;
import dev.runnel.store.RateLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a replica is, and how it is kept. Immutable: each method returns another one.
 *
 * <p>A location is a folder, a URL such as {@code s3://bucket/app}, or a type with its options, which are called as in a
 * configuration file: {@code ReplicaOptions.ofType("s3").option("bucket", "backup").option("region", "eu-central-1")}. What
 * a URL does not say can be added as an option too. Types other than folders are found on the class path, or the module path.
 */
public final class ReplicaOptions {
    private final Form form;
    private final String location;
    private final Map<String, String> options;
    private final Optional<String> name;
    private final Optional<Duration> syncInterval;
    private final List<String> recipients;
    private final List<String> identities;

    /** How a location is given. */
    private enum Form {
        URL,
        FOLDER,
        TYPE
    }

    private ReplicaOptions(
            Form form,
            String location,
            Map<String, String> options,
            Optional<String> name,
            Optional<Duration> syncInterval,
            List<String> recipients,
            List<String> identities) {
        this.form = form;
        this.location = location;
        this.options = Map.copyOf(options);
        this.name = name;
        this.syncInterval = syncInterval;
        this.recipients = List.copyOf(recipients);
        this.identities = List.copyOf(identities);
    }

    private static ReplicaOptions of(Form form, String location) {
        return new ReplicaOptions(form, location, Map.of(), Optional.empty(), Optional.empty(), List.of(), List.of());
    }

    /** A replica at a URL. */
    public static ReplicaOptions at(String url) {
        if (!Locations.isUrl(url)) {
            throw new IllegalArgumentException(
                    "\"" + url + "\" is not a URL; for a folder use ReplicaOptions.in(Path)");
        }
        return of(Form.URL, url);
    }

    /** A replica in a folder. */
    public static ReplicaOptions in(Path folder) {
        return of(Form.FOLDER, folder.toAbsolutePath().normalize().toString());
    }

    /** A replica at a location that options describe. */
    public static ReplicaOptions ofType(String type) {
        return of(Form.TYPE, type);
    }

    /** The same with one more option of its type, called as in a configuration file. */
    public ReplicaOptions option(String key, String value) {
        Map<String, String> more = new HashMap<>(options);
        more.put(key, value);
        return new ReplicaOptions(form, location, more, name, syncInterval, recipients, identities);
    }

    /** The same under a name of its own; without it a replica is called by its type. */
    public ReplicaOptions name(String text) {
        return new ReplicaOptions(form, location, options, Optional.of(text), syncInterval, recipients, identities);
    }

    /** The same with another time for which the commits of a busy database are gathered; without it, a second. */
    public ReplicaOptions syncInterval(Duration interval) {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("the sync interval must be positive, not " + interval);
        }
        return new ReplicaOptions(form, location, options, name, Optional.of(interval), recipients, identities);
    }

    /** The same, encrypted with age for recipients such as {@code age1...}. */
    public ReplicaOptions encryptedFor(String... ageRecipients) {
        return new ReplicaOptions(form, location, options, name, syncInterval, List.of(ageRecipients), identities);
    }

    /** The same, decrypted with age identities such as {@code AGE-SECRET-KEY-1...}. */
    public ReplicaOptions decryptedWith(String... ageIdentities) {
        return new ReplicaOptions(form, location, options, name, syncInterval, recipients, List.of(ageIdentities));
    }

    /**
     * What the engine takes it for.
     *
     * @throws IllegalArgumentException if it describes no location
     */
    ReplicaConfig config(Locations locations) {
        Location found = locate(locations);
        return new ReplicaConfig(
                name.orElse(found.type()),
                found,
                syncInterval.orElse(DatabaseConfig.DEFAULT_SYNC_INTERVAL),
                new StoreOptions(keys(), RateLimits.NONE),
                Layout.Ltx.DEFAULT);
    }

    private Location locate(Locations locations) {
        return switch (form) {
            case FOLDER -> folder(locations);
            case URL -> locate(locations, locations.typeOf(location), locations.parse(location));
            case TYPE -> locate(locations, typeOf(location), Map.of());
        };
    }

    private Location folder(Locations locations) {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("a folder has no options, such as " + options.keySet());
        }
        return locations.replica(location);
    }

    private Location locate(Locations locations, LocationType type, Map<String, String> ofUrl) {
        requireKnown(type);
        Map<String, String> values = new HashMap<>(ofUrl);
        values.putAll(options);
        return locations.locate(type, values);
    }

    private static LocationType typeOf(String name) {
        return LocationTypes.installed()
                .find(name)
                .orElseThrow(() -> new IllegalArgumentException(ReplicaTypes.unknown(name)));
    }

    private void requireKnown(LocationType type) {
        for (String key : options.keySet()) {
            if (type.options().stream().noneMatch(option -> option.key().equals(key))) {
                throw new IllegalArgumentException(
                        "a replica of type " + type.name() + " has no option \"" + key + "\"; it has "
                                + type.options().stream().map(Option::key).collect(Collectors.joining(", ")));
            }
        }
    }

    private Optional<AgeKeys> keys() {
        if (recipients.isEmpty() && identities.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(AgeKeys.parse(identities, recipients));
        } catch (AgeKeyException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}

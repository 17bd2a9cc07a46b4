package dev.runnel.cli.config;

import dev.runnel.location.LocationType;
import dev.runnel.location.LocationTypes;
import dev.runnel.location.Option;
import dev.runnel.setup.Locations;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the options of location types, in the section of a replica and, as defaults, at the top of the file. */
final class OptionReader {
    private final Locations locations;

    OptionReader(Locations locations) {
        this.locations = locations;
    }

    /** What the top of the file says for all replicas whose type has the option. */
    Map<String, String> readDefaults(Section top) {
        List<Option> options = LocationTypes.installed().all().stream()
                .flatMap(type -> type.options().stream())
                .filter(option -> option.scope() == Option.Scope.REPLICA_AND_TOP)
                .toList();
        return read(top, options);
    }

    /** What the section of a replica says; empty if some of it cannot be used, which is reported. */
    Optional<Map<String, String>> readReplica(Section section, LocationType type) {
        Map<String, String> values = read(section, type.options());
        boolean isComplete =
                type.options().stream().map(Option::key).allMatch(key -> values.containsKey(key) || !section.has(key));
        return isComplete ? Optional.of(values) : Optional.empty();
    }

    private Map<String, String> read(Section section, List<Option> options) {
        Map<String, String> found = new HashMap<>();
        for (Option option : options) {
            if (!found.containsKey(option.key())) {
                section.take(option.key())
                        .flatMap(value -> read(option, value))
                        .ifPresent(text -> found.put(option.key(), text));
            }
        }
        return found;
    }

    private Optional<String> read(Option option, Value value) {
        if (option.key().equals(Option.PATH) && value.as(OptionReader::noUrl).isEmpty()) {
            return Optional.empty();
        }
        return switch (option.form()) {
            case TEXT, SECRET -> value.text();
            case FILE -> value.as(locations::path).map(Path::toString);
            case SWITCH -> value.bool().map(String::valueOf);
            case SIZE -> value.byteSize().map(String::valueOf);
            case NUMBER -> value.as(OptionReader::positive);
        };
    }

    private static String noUrl(String path) {
        if (Locations.isUrl(path)) {
            throw new IllegalArgumentException("a path cannot be a URL; write it as \"url\": " + path);
        }
        return path;
    }

    private static String positive(String text) {
        if (!text.matches("0*[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("expected a whole number above zero, found \"" + text + "\"");
        }
        return text;
    }
}

package dev.runnel.location;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The location types there are. */
public final class LocationTypes {
    private static final LocationTypes INSTALLED =
            new LocationTypes(ServiceLoader.load(LocationType.class, LocationType.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList());

    private final List<LocationType> types;
    private final Map<String, LocationType> schemes;

    /**
     * A choice of types.
     *
     * @throws IllegalStateException if two have the same scheme
     */
    public LocationTypes(Collection<LocationType> types) {
        this.types =
                types.stream().sorted(Comparator.comparing(LocationType::name)).toList();
        this.schemes = this.types.stream()
                .flatMap(type -> type.schemes().stream().map(scheme -> Map.entry(scheme, type)))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Those that the modules of this program provide. */
    public static LocationTypes installed() {
        return INSTALLED;
    }

    /** All, ordered by name. */
    public List<LocationType> all() {
        return types;
    }

    /** The type that the configuration calls so, or whose URLs start so. */
    public Optional<LocationType> find(String nameOrScheme) {
        return types.stream()
                .filter(type -> type.name().equals(nameOrScheme))
                .findFirst()
                .or(() -> Optional.ofNullable(schemes.get(nameOrScheme)));
    }

    /** What a replica can be, for messages: {@code a folder (type file) or ...}. */
    public String descriptions() {
        return joined(type -> type.description() + " (type " + type.name() + ")");
    }

    /** How the URL of a replica can be written, for messages. */
    public String urlForms() {
        return joined(LocationType::urlForm);
    }

    private String joined(Function<LocationType, String> text) {
        return types.stream().map(text).collect(Collectors.joining(" or "));
    }
}

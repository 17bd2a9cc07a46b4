package dev.runnel.setup;

import dev.runnel.platform.RealPath;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What sections of a file have for themselves, so that a second one that wants the same is found out. */
public final class Claims {
    private final Map<String, String> owners = new HashMap<>();

    /** Takes a file or folder, by whatever name, for a section; if another has it, that one. */
    public Optional<String> take(Path path, String section) {
        return take(RealPath.of(path).toString(), section);
    }

    /** Takes a name for a section; if another has it, that one. */
    public Optional<String> take(String name, String section) {
        return Optional.ofNullable(owners.putIfAbsent(name, section));
    }
}

package dev.runnel.testkit;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A change of the names in one folder of a {@link CrashDisk}, made in one step. */
record NameChange(Path folder, Optional<Path> removed, Optional<Path> added, CrashNode node) {
    static NameChange add(Path folder, Path name, CrashNode node) {
        return new NameChange(folder, Optional.empty(), Optional.of(name), node);
    }

    static NameChange move(Path folder, Path from, Path to, CrashNode node) {
        return new NameChange(folder, Optional.of(from), Optional.of(to), node);
    }

    static NameChange remove(Path folder, Path name, CrashNode node) {
        return new NameChange(folder, Optional.of(name), Optional.empty(), node);
    }

    void applyTo(Map<Path, CrashNode> names) {
        removed.ifPresent(names::remove);
        added.ifPresent(name -> names.put(name, node));
    }
}

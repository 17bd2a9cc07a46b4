package dev.runnel.cli.config;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DatabaseFolder;
import dev.runnel.setup.GlobPattern;
import dev.runnel.setup.Locations;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The keys of a folder of databases, besides {@code dir} and {@code meta-path}. */
record FolderKeys(Optional<GlobPattern> pattern, boolean isRecursive, boolean isWatched, Optional<Path> metaDir) {
    static FolderKeys read(Section section, Locations locations) {
        return new FolderKeys(
                section.take("pattern").flatMap(value -> value.as(GlobPattern::parse)),
                section.take("recursive").flatMap(Value::bool).orElse(false),
                section.take("watch").flatMap(Value::bool).orElse(false),
                section.take("meta-dir").flatMap(value -> value.as(locations::path)));
    }

    /** Reports what is of no use without a folder. */
    void refuse(Section section) {
        for (String key : List.of("pattern", "meta-dir")) {
            if (section.has(key)) {
                section.problem(key, "only for a folder; \"dir\" is not set");
            }
        }
        if (isRecursive) {
            section.problem("recursive", "only for a folder; \"dir\" is not set");
        }
        if (isWatched) {
            section.problem("watch", "only for a folder; \"dir\" is not set");
        }
    }

    /** @param metaPath below which each database has its own, in folders as the databases are in */
    Optional<DatabaseFolder> folder(Section section, DatabaseConfig settings, Optional<Path> metaPath) {
        if (!section.has("pattern")) {
            section.problem("'pattern' is required when using 'dir', such as \"*.db\"");
        }
        if (metaPath.isPresent() && metaDir.isPresent()) {
            section.problem("meta-dir", "cannot specify both 'meta-path' and 'meta-dir'");
        }
        Path dir = settings.path();
        return pattern.map(
                found -> new DatabaseFolder(dir, found, isRecursive, isWatched, metaFolder(dir, metaPath), settings));
    }

    private UnaryOperator<Path> metaFolder(Path dir, Optional<Path> metaPath) {
        if (metaDir.isPresent()) {
            return relative -> metaDir.get().resolve(relative + "-runnel");
        }
        Path base = metaPath.orElse(dir);
        return relative -> DatabaseSpec.defaultMetaFolder(base.resolve(relative));
    }
}

package dev.runnel.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The same file under one name, whatever links lead to it. */
public final class RealPath {
    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private RealPath() {}

    /** As far as links can be followed today: the file may be missing, and its folder too. */
    public static Path of(Path path) {
        return of(path, MOST_LINKS);
    }

    private static Path of(Path path, int links) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            Path parent = path.getParent();
            if (parent == null) {
                return path;
            }
            Path there = of(parent, links).resolve(path.getFileName());
            return links > 0
                    ? targetOf(there).map(target -> of(target, links - 1)).orElse(there)
                    : there;
        }
    }

    /** Where a link leads that leads to nothing yet. */
    private static Optional<Path> targetOf(Path path) {
        try {
            return Files.isSymbolicLink(path)
                    ? Optional.of(
                            path.resolveSibling(Files.readSymbolicLink(path)).normalize())
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}

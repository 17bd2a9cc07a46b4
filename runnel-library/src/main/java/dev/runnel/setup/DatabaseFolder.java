package dev.runnel.setup;

import dev.runnel.sqlite.DatabaseHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of databases that have the same settings. Each has its history below that of the folder, under its path in the
 * folder. It may itself be a link; those in it are not followed.
 *
 * @param folder absolute
 * @param pattern what the name of a database matches
 * @param isRecursive whether it has the databases in folders below it, too
 * @param isWatched whether databases that come and go are noticed
 * @param metaFolder where Runnel keeps its files for a database, by the path of the database in the folder
 * @param settings of each database; its path and its replicas are those of the folder
 */
public record DatabaseFolder(
        Path folder,
        GlobPattern pattern,
        boolean isRecursive,
        boolean isWatched,
        UnaryOperator<Path> metaFolder,
        DatabaseConfig settings) {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseFolder.class);
    private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");
    private static final List<String> META_FOLDERS = List.of("-runnel", "-litestream");

    /**
     * What a folder holds.
     *
     * @param files the databases, and which file each is: the same for two names of one file
     * @param folders it and the folders below it
     */
    public record Content(Map<Path, Object> files, Set<Path> folders) {}

    /** Whether a database with this name belongs to it, if there is one. */
    public boolean isMember(Path file) {
        if (!file.startsWith(folder) || file.equals(folder)) {
            return false;
        }
        Path relative = folder.relativize(file);
        return (isRecursive || relative.getNameCount() == 1) && isDatabaseName(String.valueOf(file.getFileName()));
    }

    /** Whether it is a name for a database, and not for a file beside one. */
    boolean isDatabaseName(String name) {
        return pattern.matches(name) && COMPANIONS.stream().noneMatch(name::endsWith);
    }

    /** The settings of one of its databases. */
    public DatabaseConfig member(Path file) {
        Path relative = folder.relativize(file);
        List<String> parts = new ArrayList<>();
        relative.forEach(part -> parts.add(part.toString()));
        return settings.below(file, metaFolder.apply(relative), String.join("/", parts));
    }

    /**
     * Looks what is there. What cannot be read is left out, and a line of the log says so.
     *
     * @param known databases of this process, and which file each is, also where that has another name by now. None of them
     *     is opened: closing it again would drop SQLite's locks of this process
     * @throws IOException if the folder itself cannot be read
     */
    public Content scan(Map<Path, Object> known) throws IOException {
        // Of a link nothing but the link would be visited.
        Path real = folder.toRealPath();
        Scan scan = new Scan(real, known);
        Files.walkFileTree(real, Set.of(), isRecursive ? Integer.MAX_VALUE : 1, scan);
        return new Content(scan.found, scan.folders);
    }

    /** Which file has a name. */
    static Object fileOf(Path path, BasicFileAttributes attributes) {
        return attributes.fileKey() == null ? path : attributes.fileKey();
    }

    private final class Scan extends SimpleFileVisitor<Path> {
        private final Path real;
        private final Map<Path, Object> known;
        private final Set<Object> knownFiles;
        private final Map<Path, Object> found = new TreeMap<>();
        private final Set<Path> folders = new HashSet<>();

        private Scan(Path real, Map<Path, Object> known) {
            this.real = real;
            this.known = known;
            this.knownFiles = Set.copyOf(known.values());
        }

        /** As its name begins in the configuration. */
        private Path named(Path there) {
            return folder.resolve(real.relativize(there));
        }

        @Override
        public FileVisitResult preVisitDirectory(Path there, BasicFileAttributes attributes) {
            Path visited = named(there);
            String name = String.valueOf(visited.getFileName());
            if (!visited.equals(folder)
                    && name.startsWith(".")
                    && META_FOLDERS.stream().anyMatch(name::endsWith)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            folders.add(visited);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path there, BasicFileAttributes attributes) {
            Path file = named(there);
            if (!attributes.isRegularFile() || !isMember(file)) {
                return FileVisitResult.CONTINUE;
            }
            Object identity = fileOf(file, attributes);
            if (known.containsKey(file) || (!knownFiles.contains(identity) && isDatabase(file))) {
                found.put(file, identity);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path there, IOException e) throws IOException {
            Path file = named(there);
            if (file.equals(folder)) {
                throw e;
            }
            LOG.warn("{}: cannot be read, so it is left out: {}", file, e.getMessage());
            return FileVisitResult.CONTINUE;
        }

        private boolean isDatabase(Path file) {
            try (InputStream in = Files.newInputStream(file)) {
                return DatabaseHeader.parse(in.readNBytes(DatabaseHeader.SIZE)).isPresent();
            } catch (IOException e) {
                LOG.warn("{}: cannot be read, so it is left out: {}", file, e.getMessage());
                return false;
            }
        }
    }
}

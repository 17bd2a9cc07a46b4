package dev.runnel.restore;

import dev.runnel.platform.Disk;
import dev.runnel.platform.FileInfo;
import dev.runnel.restore.RestoreOptions.ExistingOutput;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a restored database goes, and what may be there already. */
record Output(Disk disk, Path path, ExistingOutput existing) {
    private static final List<String> SIDECARS = List.of("-wal", "-shm", "-journal");

    /** Refuses what must not be overwritten. An empty file alone holds nothing, and may be. */
    void check() throws IOException {
        Optional<FileInfo> found = disk.stat(path);
        if (found.isPresent() && found.get().isFolder()) {
            throw new RestoreException.OutputIsFolder(path);
        }
        Optional<Path> inTheWay = inTheWay();
        if (existing == ExistingOutput.FAIL && inTheWay.isPresent()) {
            throw new RestoreException.OutputExists(inTheWay.get());
        }
    }

    /**
     * Gives a synced file the output's name. What SQLite kept beside a database that is replaced goes first: it would be
     * applied to the new one.
     */
    void publish(Path restored) throws RestoreException {
        try {
            switch (existing) {
                case FAIL -> publishNew(restored);
                case REPLACE -> replace(restored);
            }
        } catch (RestoreException e) {
            throw e;
        } catch (IOException e) {
            throw new RestoreException.NotPublished(path, restored, e);
        }
    }

    private void replace(Path restored) throws IOException {
        for (Path sidecar : sidecars().toList()) {
            disk.delete(sidecar);
        }
        disk.publish(restored, path);
    }

    private void publishNew(Path restored) throws IOException {
        Optional<Path> inTheWay = inTheWay();
        if (inTheWay.isPresent()) {
            throw new RestoreException.OutputExists(inTheWay.get(), restored);
        }
        if (disk.stat(path).isPresent()) {
            disk.publish(restored, path);
            return;
        }
        try {
            disk.publishNew(restored, path);
        } catch (FileAlreadyExistsException _) {
            throw new RestoreException.OutputExists(path, restored);
        }
    }

    private Optional<Path> inTheWay() throws IOException {
        Optional<FileInfo> database = disk.stat(path);
        if (database.isPresent() && database.get().size() > 0) {
            return Optional.of(path);
        }
        for (Path sidecar : sidecars().toList()) {
            if (disk.stat(sidecar).isPresent()) {
                return Optional.of(sidecar);
            }
        }
        return Optional.empty();
    }

    private Stream<Path> sidecars() {
        return SIDECARS.stream().map(suffix -> path.resolveSibling(path.getFileName() + suffix));
    }
}

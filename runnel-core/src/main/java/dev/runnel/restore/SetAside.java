package dev.runnel.restore;

import dev.runnel.platform.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What SQLite kept beside a database that is gone. It would be applied to a new database of that name, so it gets other
 * names before that appears, and is deleted after.
 */
final class SetAside {
    private final Disk disk;
    private final List<Moved> moved = new ArrayList<>();

    private record Moved(Path name, Path aside) {}

    private SetAside(Disk disk) {
        this.disk = disk;
    }

    /** Moves the files, all or none. */
    static SetAside of(Disk disk, Sidecars sidecars, Path restored) throws IOException {
        SetAside aside = new SetAside(disk);
        boolean done = false;
        try {
            for (Path name : sidecars.all()) {
                if (disk.stat(name).isPresent()) {
                    aside.move(name, restored);
                }
            }
            done = true;
            return aside;
        } finally {
            if (!done) {
                aside.putBack();
            }
        }
    }

    private void move(Path name, Path restored) throws IOException {
        String suffix = name.toString().substring(name.toString().lastIndexOf('-'));
        Path to = restored.resolveSibling(restored.getFileName() + suffix);
        moved.add(new Moved(name, to));
        disk.publish(name, to);
    }

    /** Gives the files their names back. */
    void putBack() throws IOException {
        for (Moved each : moved) {
            if (disk.stat(each.aside()).isPresent()) {
                putBack(each);
            }
        }
    }

    private void putBack(Moved file) throws IOException {
        try {
            disk.publish(file.aside(), file.name());
        } catch (IOException e) {
            if (disk.stat(file.aside()).isPresent()) {
                throw new IOException(
                        file.aside() + " was " + file.name() + " and could not be renamed back: " + e.getMessage(), e);
            }
        }
    }

    /** Returns what the user should know if that does not succeed. */
    Optional<String> delete() {
        for (Moved each : moved) {
            try {
                disk.delete(each.aside());
            } catch (IOException e) {
                return Optional.of(each.aside() + " is no longer needed and could not be deleted: " + e.getMessage());
            }
        }
        return Optional.empty();
    }
}

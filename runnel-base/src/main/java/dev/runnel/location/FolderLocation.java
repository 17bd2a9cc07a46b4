package dev.runnel.location;

import dev.runnel.platform.RealPath;
import dev.runnel.store.FolderStore;
import dev.runnel.store.Leftover;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A folder of this machine.
 *
 * @param path absolute; the folder need not exist
 */
public record FolderLocation(Path path) implements Location {
    @Override
    public String type() {
        return FolderLocationType.NAME;
    }

    @Override
    public String display() {
        return path.toString();
    }

    @Override
    public String identity() {
        return type() + " " + RealPath.of(path);
    }

    @Override
    public String failureDomain() {
        return "folders";
    }

    @Override
    public StoreTraits traits() {
        return StoreTraits.FOLDER;
    }

    @Override
    public Optional<Path> folder() {
        return Optional.of(path);
    }

    @Override
    public Location below(String relative) {
        return new FolderLocation(path.resolve(relative));
    }

    @Override
    public ObjectStore open(StoreContext context) {
        return new FolderStore(context.disk(), path);
    }

    @Override
    public void removeLeftovers(StoreContext context, Instant now, Predicate<String> isOurs) throws StoreException {
        new FolderStore(context.disk(), path).removeLeftovers(now);
    }

    @Override
    public List<Leftover> leftovers(StoreContext context, Instant now, Predicate<String> isOurs) throws StoreException {
        return new FolderStore(context.disk(), path).leftovers(now, isOurs);
    }
}

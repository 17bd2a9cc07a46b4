package dev.runnel.store;

import dev.runnel.platform.Causes;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Objects as files below a folder: the key is the path, the file's modification time is the object's time.
 *
 * <p>An object is written beside its final name and gets that name only when it is complete and synced, so that a crash
 * leaves a leftover that no listing shows, never a part of an object. The folder need not exist; the first put creates it.
 */
public final class FolderStore implements ObjectStore {
    /** How old the leftover of a put must be before it is taken for abandoned. No put takes that long. */
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    /** Puts of one key at the same time, each with a temp file of its own. */
    private static final int MAX_TEMPS = 1000;

    private static final Pattern OWN_TEMP = Pattern.compile(".+\\.runnel-[0-9]+\\.tmp");

    private final Disk disk;
    private final Path root;
    private final FolderFaults faults;
    private final FolderListing listing;

    public FolderStore(Disk disk, Path root) {
        this.disk = disk;
        this.root = root;
        this.faults = new FolderFaults(root.toString());
        this.listing = new FolderListing(disk, root, faults);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        String folder = ObjectKeys.checkedFolder(prefix.substring(0, Math.max(0, prefix.lastIndexOf('/'))));
        return listing.files(folder)
                .filter(object -> !object.key().endsWith(ObjectKeys.IN_THE_MAKING))
                .filter(object -> object.key().startsWith(prefix))
                .filter(object -> after.isEmpty() || object.key().compareTo(after.get()) > 0);
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        if (stat(key).isEmpty()) {
            throw new StoreException.NotFound(location(), key);
        }
        try {
            return new FileInput(disk.openToRead(path(key)), range, faults, key);
        } catch (IOException e) {
            throw faults.reading(key, e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws StoreException {
        try {
            return disk.stat(path(key))
                    .filter(file -> !file.isFolder())
                    .map(file -> new ObjectInfo(key, file.size(), file.modified()));
        } catch (IOException e) {
            throw faults.reading(key, e);
        }
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        if (options.existing() == PutOptions.Existing.KEEP_AND_FAIL && stat(key).isPresent()) {
            throw exists(key);
        }
        Temp temp = createTemp(ObjectKeys.checked(key));
        try {
            write(temp, key, body, options.time());
            publish(temp, key, options.existing());
        } catch (Throwable e) {
            discard(temp, e);
            throw e;
        }
        return stat(key).orElseThrow(() -> new StoreException.NotFound(location(), key));
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        List<String> survivors = new ArrayList<>();
        Optional<IOException> firstFault = Optional.empty();
        for (String key : keys) {
            try {
                if (stat(key).isPresent()) {
                    disk.delete(path(key));
                }
            } catch (IOException e) {
                survivors.add(key);
                firstFault = firstFault.or(() -> Optional.of(e));
            }
        }
        if (firstFault.isPresent()) {
            throw faults.deleting(String.join(", ", survivors), firstFault.get());
        }
    }

    @Override
    public String location() {
        return root.toString();
    }

    /**
     * Deletes what puts that were cut short left behind, once it is a day old. For the one who writes here, when it
     * starts; a reader must not delete.
     */
    public void removeLeftovers(Instant now) throws StoreException {
        Instant abandoned = now.minus(ABANDONED_AFTER);
        try (Stream<ObjectInfo> files = listing.files("")) {
            for (ObjectInfo file : (Iterable<ObjectInfo>) files::iterator) {
                if (OWN_TEMP.matcher(file.key()).matches() && file.time().isBefore(abandoned)) {
                    deleteLeftover(file.key());
                }
            }
        }
    }

    /**
     * What puts that were cut short left behind, once it is a day old: those of Runnel, and those that another program
     * would have given one of our names.
     *
     * @param isOurs which keys are those of a replica
     */
    public List<Leftover> leftovers(Instant now, Predicate<String> isOurs) throws StoreException {
        Instant abandoned = now.minus(ABANDONED_AFTER);
        try (Stream<ObjectInfo> files = listing.files("")) {
            return files.filter(file -> file.time().isBefore(abandoned))
                    .flatMap(file -> leftover(file, isOurs).stream())
                    .toList();
        } catch (UncheckedIOException e) {
            throw faults.listing("", Causes.asIoException(e.getCause() == null ? e : e.getCause()));
        }
    }

    private static Optional<Leftover> leftover(ObjectInfo file, Predicate<String> isOurs) {
        String name = file.key();
        if (OWN_TEMP.matcher(name).matches()) {
            return Optional.of(new Leftover(name, file.time(), true));
        }
        boolean isOfAnotherProgram = name.endsWith(ObjectKeys.IN_THE_MAKING)
                && isOurs.test(name.substring(0, name.length() - ObjectKeys.IN_THE_MAKING.length()));
        return isOfAnotherProgram ? Optional.of(new Leftover(name, file.time(), false)) : Optional.empty();
    }

    private void deleteLeftover(String name) throws StoreException {
        try {
            disk.delete(root.resolve(name));
        } catch (IOException e) {
            throw faults.deleting(name, e);
        }
    }

    private Path path(String key) {
        return root.resolve(ObjectKeys.checked(key));
    }

    private Path folder(String key) {
        int end = key.lastIndexOf('/');
        return end < 0 ? root : root.resolve(key.substring(0, end));
    }

    /** Puts of one key may run side by side: each takes the first name that is free. */
    private Temp createTemp(String key) throws StoreException {
        try {
            disk.createFolders(folder(key));
            for (int number = 1; ; number++) {
                Path path = root.resolve(key + ".runnel-" + number + ObjectKeys.IN_THE_MAKING);
                try {
                    return new Temp(path, disk.create(path));
                } catch (FileAlreadyExistsException e) {
                    if (number == MAX_TEMPS) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw faults.writing(key, e);
        }
    }

    private void write(Temp temp, String key, Body body, Optional<Instant> time) throws StoreException {
        try (DiskFile file = temp.file) {
            BodyWriter.write(body, new FileOutput(file, faults, key), location(), key);
            if (time.isPresent()) {
                disk.setTime(temp.path, time.get());
            }
            file.sync();
        } catch (IOException e) {
            throw faults.writing(key, e);
        }
    }

    private void publish(Temp temp, String key, PutOptions.Existing existing) throws StoreException {
        try {
            switch (existing) {
                case REPLACE -> disk.publish(temp.path, path(key));
                case KEEP_AND_FAIL -> disk.publishNew(temp.path, path(key));
            }
        } catch (FileAlreadyExistsException e) {
            throw exists(key);
        } catch (IOException e) {
            throw faults.writing(key, e);
        }
    }

    /** A caller may rely on an object that is reported to exist, so its name is made durable first. */
    private StoreException exists(String key) throws StoreException {
        try {
            disk.syncFolder(folder(key));
        } catch (IOException e) {
            throw faults.writing(key, e);
        }
        return new StoreException.Exists(location(), key);
    }

    private void discard(Temp temp, Throwable reason) {
        try {
            disk.delete(temp.path);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private record Temp(Path path, DiskFile file) {}
}

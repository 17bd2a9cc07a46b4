package dev.runnel.store;

import dev.runnel.platform.Disk;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The files below a folder, as keys relative to the root, one folder at a time as the stream moves on. */
record FolderListing(Disk disk, Path root, FolderFaults faults) {
    /** Files of a folder and of those in it; an empty folder name is the root itself. */
    Stream<ObjectInfo> files(String folder) throws StoreException {
        try {
            return disk.list(root.resolve(folder)).stream().flatMap(entry -> files(folder, entry));
        } catch (IOException e) {
            throw faults.listing(folder, e);
        }
    }

    private Stream<ObjectInfo> files(String folder, FileInfo entry) {
        String key = folder.isEmpty() ? entry.name() : folder + "/" + entry.name();
        if (!entry.isFolder()) {
            return Stream.of(new ObjectInfo(key, entry.size(), entry.modified()));
        }
        try {
            return files(key);
        } catch (StoreException e) {
            throw new UncheckedIOException(e);
        }
    }
}

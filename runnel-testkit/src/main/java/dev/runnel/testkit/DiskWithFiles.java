package dev.runnel.testkit;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Another disk, but for the files that are written: a test provides these.
 *
 * @param creating makes a new file
 * @param opening opens a file that exists to be read and written
 */
public record DiskWithFiles(Disk disk, Opener creating, Opener opening) implements Disk {
    /** Provides a file. */
    @FunctionalInterface
    public interface Opener {
        DiskFile open(Path file) throws IOException;
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return creating.open(file);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return opening.open(file);
    }

    @Override
    public DiskFile openToRead(Path file) throws IOException {
        return disk.openToRead(file);
    }

    @Override
    public void publish(Path temp, Path target) throws IOException {
        disk.publish(temp, target);
    }

    @Override
    public void publishNew(Path temp, Path target) throws IOException {
        disk.publishNew(temp, target);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        disk.syncFolder(folder);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        disk.createFolders(folder);
    }

    @Override
    public List<FileInfo> list(Path folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public Optional<FileInfo> stat(Path file) throws IOException {
        return disk.stat(file);
    }

    @Override
    public void setTime(Path file, Instant time) throws IOException {
        disk.setTime(file, time);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }
}

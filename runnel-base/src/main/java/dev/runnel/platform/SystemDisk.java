package dev.runnel.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

enum SystemDisk implements Disk {
    INSTANCE;

    /** What SQLite asks for when it creates a database; the umask takes its share. */
    private static final int MODE_OF_DATABASES = 0644;

    @Override
    public DiskFile create(Path file) throws IOException {
        return FileLane.call(() -> {
            return new SystemFile(FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    onlyForOwner(file, "rw-------")));
        });
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return FileLane.call(() -> {
            return new SystemFile(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
        });
    }

    @Override
    public DiskFile openToRead(Path file) throws IOException {
        return FileLane.call(() -> {
            return new SystemFile(FileChannel.open(file, StandardOpenOption.READ));
        });
    }

    @Override
    public void publish(Path temp, Path target) throws IOException {
        FileLane.act(() -> {
            Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
            syncFolder(folderOf(target));
        });
    }

    @Override
    public void publishNew(Path temp, Path target) throws IOException {
        FileLane.act(() -> {
            if (link(temp, target)) {
                Files.delete(temp);
            } else if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            } else {
                Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
            }
            syncFolder(folderOf(target));
        });
    }

    /**
     * A hard link is the one way to take a name only if it is free, in one step. False where the file system has none, as
     * that of a memory stick.
     */
    private static boolean link(Path existing, Path name) throws IOException {
        try {
            Files.createLink(name, existing);
            return true;
        } catch (FileAlreadyExistsException | NoSuchFileException | AccessDeniedException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            return false;
        }
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        FileLane.act(() -> FolderSync.sync(folder));
    }

    @Override
    public void giveUsualMode(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return;
        }
        // What the system gives a new file in this folder depends on the umask and on access control lists of the
        // folder.
        Path probe = file.resolveSibling(file.getFileName() + "-mode");
        Files.deleteIfExists(probe);
        Files.createFile(probe);
        int given = (int) Files.getAttribute(probe, "unix:mode");
        Files.delete(probe);
        Files.setAttribute(file, "unix:mode", given & MODE_OF_DATABASES);
    }

    @Override
    public OptionalInt userOf(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? OptionalInt.of((int) Files.getAttribute(file, "unix:uid"))
                : OptionalInt.empty();
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        FileLane.act(() -> {
            if (Files.isDirectory(folder)) {
                return;
            }
            Path parent = folder.toAbsolutePath().getParent();
            if (parent != null) {
                createFolders(parent);
            }
            try {
                Files.createDirectory(folder, onlyForOwner(folder, "rwx------"));
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            }
            if (parent != null) {
                syncFolder(parent);
            }
        });
    }

    @Override
    public List<FileInfo> list(Path folder) throws IOException {
        return FileLane.call(() -> {
            List<FileInfo> found = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    stat(entry).ifPresent(found::add);
                }
            } catch (NoSuchFileException e) {
                return List.of();
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            return found;
        });
    }

    @Override
    public Stream<FileInfo> entries(Path folder) throws IOException {
        return FolderEntries.of(folder);
    }

    @Override
    public Optional<FileInfo> stat(Path file) throws IOException {
        return FileLane.call(() -> {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return Optional.of(new FileInfo(
                        String.valueOf(file.getFileName()),
                        attributes.size(),
                        attributes.lastModifiedTime().toInstant(),
                        attributes.isDirectory()));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public void setTime(Path file, Instant time) throws IOException {
        FileLane.act(() -> {
            Files.setLastModifiedTime(file, FileTime.from(time));
        });
    }

    @Override
    public void delete(Path file) throws IOException {
        FileLane.act(() -> {
            Files.deleteIfExists(file);
        });
    }

    /**
     * Files of Runnel hold the content of the database, so other users may not read them unless the owner allows it.
     */
    private static FileAttribute<?>[] onlyForOwner(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static Path folderOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new UncheckedIOException(new IOException(file + " has no folder"));
        }
        return folder;
    }

    private record SystemFile(FileChannel channel) implements DiskFile {
        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return FileLane.call(() -> {
                int start = into.position();
                while (into.hasRemaining()) {
                    if (channel.read(into, position + into.position() - start) < 0) {
                        break;
                    }
                }
                return into.position() - start;
            });
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            FileLane.act(() -> {
                long next = position;
                while (from.hasRemaining()) {
                    next += channel.write(from, next);
                }
            });
        }

        @Override
        public void setSize(long size) throws IOException {
            FileLane.act(() -> {
                long now = channel.size();
                if (size < now) {
                    channel.truncate(size);
                } else if (size > now) {
                    channel.write(ByteBuffer.allocate(1), size - 1);
                }
            });
        }

        @Override
        public long size() throws IOException {
            return FileLane.call(() -> {
                return channel.size();
            });
        }

        @Override
        public boolean tryLock() {
            try {
                return channel.tryLock() != null;
            } catch (OverlappingFileLockException | IOException e) {
                return false;
            }
        }

        @Override
        public void sync() throws IOException {
            FileLane.act(() -> {
                channel.force(true);
            });
        }

        @Override
        public void close() throws IOException {
            FileLane.act(() -> {
                channel.close();
            });
        }
    }
}

package dev.runnel.platform;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The entries of a folder, read some at a time: one call to the lane for each entry would cost more than the entry. */
final class FolderEntries implements Iterator<FileInfo>, Closeable {
    private static final int AT_ONCE = 256;

    private final DirectoryStream<Path> folder;
    private final Iterator<Path> names;
    private final Deque<FileInfo> read = new ArrayDeque<>();

    private FolderEntries(DirectoryStream<Path> folder) {
        this.folder = folder;
        this.names = folder.iterator();
    }

    /** A stream that holds a descriptor until it is closed. */
    @SuppressWarnings("StreamResourceLeak") // Whoever gets the stream closes it.
    static Stream<FileInfo> of(Path folder) throws IOException {
        FolderEntries entries;
        try {
            entries = FileLane.call(() -> new FolderEntries(Files.newDirectoryStream(folder)));
        } catch (NoSuchFileException _) {
            return Stream.empty();
        }
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(entries, Spliterator.ORDERED | Spliterator.NONNULL), false)
                .onClose(() -> close(entries));
    }

    @Override
    public boolean hasNext() {
        if (read.isEmpty()) {
            try {
                FileLane.act(this::readSome);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return !read.isEmpty();
    }

    @Override
    public FileInfo next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return read.removeFirst();
    }

    private void readSome() throws IOException {
        try {
            while (read.size() < AT_ONCE && names.hasNext()) {
                // One that was deleted since has no size to tell.
                SystemDisk.INSTANCE.stat(names.next()).ifPresent(read::addLast);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        FileLane.act(folder::close);
    }

    private static void close(FolderEntries entries) {
        try {
            entries.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

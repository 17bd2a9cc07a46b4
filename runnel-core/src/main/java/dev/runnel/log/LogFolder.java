package dev.runnel.log;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files in the folder of a change log, by name. Memory does not depend on how many there are: names are iterated,
 * never held.
 */
record LogFolder(Disk disk, Path path) {
    private static final String SUFFIX = ".change";
    private static final String TEMP_SUFFIX = ".tmp";
    private static final int TXID_LENGTH = 16;

    /**
     * The change sets with which a log continues.
     *
     * @param first the oldest
     * @param bytes that all of them take
     */
    record Run(Txid first, LogFile newest, long bytes, Optional<ChangeLog.Dropped> dropped) {}

    /** How many change sets there are, whatever is between them, and the newest. */
    private record Names(int count, Txid newest) {
        static final Names NONE = new Names(0, Txid.NONE);

        Names with(Txid txid) {
            return new Names(count + 1, txid.isAfter(newest) ? txid : newest);
        }
    }

    Path file(Txid txid) {
        return path.resolve(txid + SUFFIX);
    }

    static Path temp(Path target) {
        return target.resolveSibling(target.getFileName() + TEMP_SUFFIX);
    }

    /** A change set, empty if it is not there. */
    Optional<LogFile> read(Txid txid) throws IOException {
        try {
            return Optional.of(LogFile.read(disk, file(txid), txid));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /** The highest TXID in a name. */
    Optional<Txid> newest() throws IOException {
        return Optional.of(names().newest()).filter(txid -> !txid.isNone());
    }

    /** What a change set takes on disk, in bytes; 0 if it is not there. */
    long size(Txid txid) throws IOException {
        return disk.stat(file(txid)).map(FileInfo::size).orElse(0L);
    }

    /**
     * Removes what unfinished appends left, and change sets that have a hole or a damaged file between them and the newest.
     * Empty if there are none.
     *
     * @throws LogException.Damaged if the newest is not as it was written
     */
    Optional<Run> open() throws IOException {
        Names names = clean();
        // A visible name may not be durable yet, if the process that gave it was killed.
        disk.syncFolder(path);
        if (names.count == 0) {
            return Optional.empty();
        }
        Found found = newestRun(names);
        Names useless = found.hole.isEmpty() ? Names.NONE : remove(found.run.first::isAfter);
        return Optional.of(found.withDropped(useless));
    }

    /** Removes all change sets. */
    void empty() throws IOException {
        clean();
        // A listing during which files are removed may leave some out.
        while (remove(_ -> true).count > 0) {}
        disk.syncFolder(path);
    }

    private Names clean() throws IOException {
        Names[] found = {Names.NONE};
        forEachName(name -> {
            if (name.endsWith(TEMP_SUFFIX)) {
                disk.delete(path.resolve(name));
            } else {
                txid(name).ifPresent(txid -> found[0] = found[0].with(txid));
            }
        });
        return found[0];
    }

    /**
     * What opening the log would find and remove, without removing anything; its owner may be at work.
     *
     * @throws LogException.Damaged if the newest is not as it was written
     */
    Optional<Run> inspect() throws IOException {
        Names names = names();
        if (names.count == 0) {
            return Optional.empty();
        }
        Found found = newestRun(names);
        // What was trimmed meanwhile looks like a hole, and then nothing is left below it.
        Names useless = found.hole.isEmpty() ? Names.NONE : names(found.run.first::isAfter);
        return Optional.of(found.withDropped(useless));
    }

    /**
     * The newest file and those that lead up to it.
     *
     * @param hole what is between them and the rest; empty if there is nothing
     */
    private record Found(Run run, String hole) {
        Run withDropped(Names useless) {
            return useless.count == 0
                    ? run
                    : new Run(
                            run.first,
                            run.newest,
                            run.bytes,
                            Optional.of(new ChangeLog.Dropped(useless.count, useless.newest, hole)));
        }
    }

    /** The newest file, strictly, and the files that lead up to it without a hole. */
    private Found newestRun(Names names) throws IOException {
        LogFile newest = LogFile.read(disk, file(names.newest), names.newest);
        newest.verify();
        Txid first = names.newest;
        long bytes = newest.size();
        int kept = 1;
        String hole = "";
        while (kept < names.count && hole.isEmpty()) {
            Txid expected = first.previous();
            try {
                Optional<LogFile> before = read(expected);
                if (before.isPresent()) {
                    first = expected;
                    bytes += before.get().size();
                    kept++;
                } else {
                    hole = "TXID " + expected + " is missing";
                }
            } catch (LogException.Damaged e) {
                hole = String.valueOf(e.getMessage());
            }
        }
        return new Found(new Run(first, newest, bytes, Optional.empty()), hole);
    }

    private Names names() throws IOException {
        return names(_ -> true);
    }

    private Names names(Predicate<Txid> counts) throws IOException {
        Names[] found = {Names.NONE};
        forEachName(name -> txid(name).filter(counts).ifPresent(txid -> found[0] = found[0].with(txid)));
        return found[0];
    }

    private Names remove(Predicate<Txid> isUseless) throws IOException {
        Names[] removed = {Names.NONE};
        forEachName(name -> {
            Optional<Txid> useless = txid(name).filter(isUseless);
            if (useless.isPresent()) {
                disk.delete(path.resolve(name));
                removed[0] = removed[0].with(useless.get());
            }
        });
        return removed[0];
    }

    private interface NameConsumer {
        void accept(String name) throws IOException;
    }

    private void forEachName(NameConsumer consumer) throws IOException {
        try (Stream<FileInfo> entries = disk.entries(path)) {
            for (FileInfo entry : (Iterable<FileInfo>) entries::iterator) {
                consumer.accept(entry.name());
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Optional<Txid> txid(String name) {
        if (name.length() != TXID_LENGTH + SUFFIX.length() || !name.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        try {
            Txid txid = Txid.parse(name.substring(0, TXID_LENGTH));
            return name.startsWith(txid.toString()) ? Optional.of(txid) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

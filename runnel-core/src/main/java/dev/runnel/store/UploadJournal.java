package dev.runnel.store;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Remembers across restarts what this machine has stored at one replica: the digests of each attempt, by key. It is read
 * when it is first asked. In memory an attempt takes the hash of its key and its place in the file. A record that is not
 * whole counts as none, which is never taken for "ours". The file is specified in {@code docs/formats.md}. May be used from
 * several threads.
 */
public final class UploadJournal {
    /** 144 MB; of more attempts the older half is forgotten. */
    private static final int MOST_RECORDS = 1_000_000;

    /** A file of fewer records is not written anew because some of them are outdated. */
    private static final int FEW_RECORDS = 1024;

    private static final int RECORDS_AT_ONCE = 4096;

    private final Disk disk;
    private final Path path;
    private final int mostRecords;

    /** By the hash of a key: the places of the records, oldest first. Keys of one hash share an entry. */
    private final Map<Long, List<Integer>> places = new HashMap<>();

    /** Places in the file; an outdated record has one, too. */
    private int length;

    private int live;
    private boolean isRead;

    public UploadJournal(Disk disk, Path path) {
        this(disk, path, MOST_RECORDS);
    }

    UploadJournal(Disk disk, Path path, int mostRecords) {
        this.disk = disk;
        this.path = path;
        this.mostRecords = mostRecords;
    }

    /** The file of a replica, beside others. */
    public static Path file(Path folder, String replica) {
        byte[] name = UploadRecord.keyOf(replica);
        return folder.resolve("uploads-" + HexFormat.of().formatHex(name, 0, 8));
    }

    /** Records an attempt to store an object. It is durable when this returns. */
    public synchronized void add(String key, Upload upload) throws IOException {
        refresh();
        append(List.of(UploadRecord.of(key, upload)));
        shrinkIfDue();
    }

    /** The attempts to store an object under a key, the newest first. */
    public synchronized List<Upload> find(String key) throws IOException {
        refresh();
        List<Upload> found = new ArrayList<>();
        byte[] wanted = UploadRecord.keyOf(key);
        List<Integer> candidates = places.getOrDefault(UploadRecord.hashOf(wanted), List.of());
        if (candidates.isEmpty()) {
            return found;
        }
        try (DiskFile file = disk.openToRead(path)) {
            for (int place : candidates.reversed()) {
                read(file, place).filter(record -> record.isOf(wanted)).ifPresent(record -> found.add(record.upload()));
            }
        }
        return found;
    }

    /** Objects were deleted: what is recorded of them is outdated. */
    public synchronized void remove(Collection<String> keys) throws IOException {
        refresh();
        List<UploadRecord> removals = keys.stream()
                .map(UploadRecord::removal)
                .filter(removal -> places.containsKey(removal.hash()))
                .toList();
        if (!removals.isEmpty()) {
            append(removals);
            shrinkIfDue();
        }
    }

    /** Another process may have written since, before this one had the folder; the file may have been removed. */
    private void refresh() throws IOException {
        long size = disk.stat(path).map(FileInfo::size).orElse(0L);
        if (isRead && size / UploadRecord.SIZE == length) {
            return;
        }
        places.clear();
        length = 0;
        live = 0;
        if (size > 0) {
            try (DiskFile file = disk.openToRead(path)) {
                readAll(file);
            }
        }
        isRead = true;
    }

    private void readAll(DiskFile file) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(RECORDS_AT_ONCE * UploadRecord.SIZE);
        file.read(in, 0);
        while (in.flip().remaining() >= UploadRecord.SIZE) {
            while (in.remaining() >= UploadRecord.SIZE) {
                UploadRecord.read(in).ifPresent(this::take);
                length++;
            }
            file.read(in.clear(), position(length));
        }
    }

    /** Takes in the record at the end. */
    private void take(UploadRecord record) {
        if (record.isRemoval()) {
            live -= places.getOrDefault(record.hash(), List.of()).size();
            places.remove(record.hash());
        } else {
            // One list for each key, and nearly all have one attempt.
            places.merge(
                    record.hash(),
                    List.of(length),
                    (before, one) ->
                            Stream.concat(before.stream(), one.stream()).toList());
            live++;
        }
    }

    /** Memory follows only what is durable. */
    private void append(List<UploadRecord> records) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(records.size() * UploadRecord.SIZE);
        records.forEach(record -> record.putTo(out));
        try (DiskFile file = openOrCreate()) {
            file.write(out.flip(), position(length));
            file.sync();
        }
        for (UploadRecord record : records) {
            take(record);
            length++;
        }
    }

    private DiskFile openOrCreate() throws IOException {
        if (disk.stat(path).isPresent()) {
            return disk.open(path);
        }
        DiskFile created = disk.create(path);
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            disk.syncFolder(folder);
        }
        return created;
    }

    private void shrinkIfDue() throws IOException {
        boolean isMostlyOutdated = length > FEW_RECORDS && length > 2L * live;
        if (!isMostlyOutdated && length <= mostRecords) {
            return;
        }
        List<Integer> kept =
                places.values().stream().flatMap(List::stream).sorted().toList();
        int left = Math.min(kept.size(), mostRecords / 2);
        rewrite(kept.subList(kept.size() - left, kept.size()));
    }

    private void rewrite(List<Integer> kept) throws IOException {
        Path temp = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(temp);
        ByteBuffer one = ByteBuffer.allocate(UploadRecord.SIZE);
        try (DiskFile from = disk.openToRead(path);
                DiskFile to = disk.create(temp)) {
            for (int i = 0; i < kept.size(); i++) {
                from.read(one.clear(), position(kept.get(i)));
                to.write(one.flip(), position(i));
            }
            to.sync();
        }
        disk.publish(temp, path);
        isRead = false;
        refresh();
    }

    private static Optional<UploadRecord> read(DiskFile file, int place) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(UploadRecord.SIZE);
        file.read(in, position(place));
        return in.hasRemaining() ? Optional.empty() : UploadRecord.read(in.flip());
    }

    private static long position(int place) {
        return (long) place * UploadRecord.SIZE;
    }
}

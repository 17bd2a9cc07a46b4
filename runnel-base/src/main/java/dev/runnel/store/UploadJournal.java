package dev.runnel.store;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FaultText;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers across restarts what this machine has stored at one replica: the digests of each attempt, by key. It is read
 * when it is first asked. In memory an attempt takes eight bytes. A record that is not whole counts as none, which is never
 * taken for "ours". The file is specified in {@code docs/formats.md}. May be used from several threads.
 */
public final class UploadJournal {
    private static final Logger LOG = LoggerFactory.getLogger(UploadJournal.class);

    /** 144 MB; of more attempts the older half is forgotten. */
    private static final int MOST_RECORDS = 1_000_000;

    /** A file of fewer records is not rewritten. For a longer one this is checked every so many records. */
    private static final int FEW_RECORDS = 1024;

    private static final int RECORDS_AT_ONCE = 512;
    private static final long OUTDATED = 0;

    private final Disk disk;
    private final Path path;
    private final int mostRecords;

    /** By the place of a record in the file: the hash of its key, or that it says nothing of an object any more. */
    private long[] hashes = new long[0];

    /** Places in the file. */
    private int length;

    /** The length at which it is checked whether the file should be rewritten. */
    private int checkAt;

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
        byte[] wanted = UploadRecord.keyOf(key);
        long hash = UploadRecord.hashOf(wanted);
        int[] places = places().filter(place -> hashes[place] == hash).toArray();
        List<Upload> found = new ArrayList<>();
        if (places.length > 0) {
            try (DiskFile file = disk.openToRead(path)) {
                for (int place : places) {
                    read(file, place)
                            .filter(record -> record.isOf(wanted))
                            .ifPresent(record -> found.addFirst(record.upload()));
                }
            }
        }
        return found;
    }

    /** Objects were deleted: what is recorded of them is outdated. */
    public synchronized void remove(Collection<String> keys) throws IOException {
        refresh();
        Map<Long, UploadRecord> removals = new HashMap<>();
        keys.stream().map(UploadRecord::removal).forEach(removal -> removals.put(removal.hash(), removal));
        Map<Long, Integer> outdated = new HashMap<>();
        places().filter(place -> removals.containsKey(hashes[place]))
                .forEach(place -> outdated.put(hashes[place], length));
        if (!outdated.isEmpty()) {
            removals.keySet().retainAll(outdated.keySet());
            append(removals.values());
            forget(outdated);
            shrinkIfDue();
        }
    }

    private IntStream places() {
        return IntStream.range(0, length);
    }

    /** Another process may have written since, before this one had the folder; the file may have been removed. */
    private void refresh() throws IOException {
        long size = disk.stat(path).map(FileInfo::size).orElse(0L);
        if (isRead && size / UploadRecord.SIZE == length) {
            return;
        }
        length = 0;
        if (size > 0) {
            try (DiskFile file = disk.openToRead(path)) {
                readAll(file);
            }
        }
        checkAt = length;
        isRead = true;
    }

    private void readAll(DiskFile file) throws IOException {
        Map<Long, Integer> removals = new HashMap<>();
        ByteBuffer in = ByteBuffer.allocate(RECORDS_AT_ONCE * UploadRecord.SIZE);
        file.read(in, 0);
        while (in.flip().remaining() >= UploadRecord.SIZE) {
            while (in.remaining() >= UploadRecord.SIZE) {
                Optional<UploadRecord> record = UploadRecord.read(in);
                record.filter(UploadRecord::isRemoval).ifPresent(removal -> removals.put(removal.hash(), length));
                take(record);
            }
            file.read(in.clear(), position(length));
        }
        forget(removals);
    }

    /** Takes in the record at the end. */
    private void take(Optional<UploadRecord> record) {
        if (length == hashes.length) {
            hashes = Arrays.copyOf(hashes, Math.max(FEW_RECORDS, 2 * length));
        }
        hashes[length] =
                record.filter(it -> !it.isRemoval()).map(UploadRecord::hash).orElse(OUTDATED);
        length++;
    }

    /** @param removals by the hash of a key, where the file says that the object was deleted */
    private void forget(Map<Long, Integer> removals) {
        places().filter(place -> removals.getOrDefault(hashes[place], 0) > place)
                .forEach(place -> hashes[place] = OUTDATED);
    }

    /** Memory follows only what is durable. */
    private void append(Collection<UploadRecord> records) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(records.size() * UploadRecord.SIZE);
        records.forEach(record -> record.putTo(out));
        boolean isNew = disk.stat(path).isEmpty();
        try (DiskFile file = isNew ? disk.create(path) : disk.open(path)) {
            file.write(out.flip(), position(length));
            file.sync();
        }
        Path folder = path.toAbsolutePath().getParent();
        if (isNew && folder != null) {
            disk.syncFolder(folder);
        }
        records.forEach(record -> take(Optional.of(record)));
    }

    /** What was to be recorded is durable already, so it is no failure if the file cannot be made shorter. */
    private void shrinkIfDue() {
        if (length < checkAt) {
            return;
        }
        checkAt = length + FEW_RECORDS;
        int[] kept = places().filter(place -> hashes[place] != OUTDATED).toArray();
        boolean isMostlyOutdated = length > FEW_RECORDS && length > 2L * kept.length;
        if (!isMostlyOutdated && length <= mostRecords) {
            return;
        }
        try {
            rewrite(Arrays.copyOfRange(kept, Math.max(0, kept.length - mostRecords / 2), kept.length));
        } catch (IOException e) {
            LOG.warn("{} has outdated entries, and cannot be rewritten without them: {}", path, FaultText.of(e));
        }
    }

    private void rewrite(int[] kept) throws IOException {
        Path temp = path.resolveSibling(path.getFileName() + ".tmp");
        disk.delete(temp);
        try {
            copy(kept, temp);
            isRead = false;
            disk.publish(temp, path);
        } finally {
            disk.delete(temp);
        }
    }

    private void copy(int[] kept, Path temp) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(UploadRecord.SIZE);
        try (DiskFile from = disk.openToRead(path);
                DiskFile to = disk.create(temp)) {
            for (int i = 0; i < kept.length; i++) {
                from.read(one.clear(), position(kept[i]));
                to.write(one.flip(), position(i));
            }
            to.sync();
        }
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

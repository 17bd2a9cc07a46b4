package dev.runnel.setup;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.RecordFile;
import dev.runnel.verify.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When the replicas of a database were last verified, and how that ended: a file in its meta folder, so that a restart does
 * not begin anew. A line is the time, the verdict, the milliseconds that it took, and the replica, separated by tabs. If
 * the file is lost, the replicas are verified again.
 */
public final class VerificationRecords {
    private static final int PARTS = 4;

    private final Disk disk;
    private final Path file;

    public VerificationRecords(Disk disk, Path metaFolder) {
        this.disk = disk;
        this.file = metaFolder.resolve("verified");
    }

    /** The last verification of a replica. */
    public Optional<VerificationRecord> last(ReplicaConfig replica) throws IOException {
        return Optional.ofNullable(read().get(replica.location().display()));
    }

    void put(ReplicaConfig replica, VerificationRecord record) throws IOException {
        Map<String, VerificationRecord> records = read();
        records.put(replica.location().display(), record);
        StringBuilder text = new StringBuilder();
        records.forEach((where, each) -> text.append(each.time())
                .append('\t')
                .append(each.verdict())
                .append('\t')
                .append(each.duration().toMillis())
                .append('\t')
                .append(where)
                .append('\n'));
        RecordFile.replace(disk, file, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private Map<String, VerificationRecord> read() throws IOException {
        Map<String, VerificationRecord> records = new LinkedHashMap<>();
        try (DiskFile in = disk.openToRead(file)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(in.size()));
            in.read(bytes, 0);
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            text.lines().forEach(line -> parse(line, records));
        } catch (NoSuchFileException _) {
            // Nothing was verified yet.
        }
        return records;
    }

    /** A line that cannot be read counts for nothing. */
    private static void parse(String line, Map<String, VerificationRecord> records) {
        String[] parts = line.split("\t", PARTS);
        try {
            if (parts.length == PARTS) {
                Duration duration = Duration.ofMillis(Long.parseLong(parts[2]));
                records.put(
                        parts[3], new VerificationRecord(Instant.parse(parts[0]), Verdict.valueOf(parts[1]), duration));
            }
        } catch (DateTimeException | IllegalArgumentException _) {
            // Written by another version, or by hand.
        }
    }
}

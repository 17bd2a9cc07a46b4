package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.JavaProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log with the change sets of days without a replica is opened, read and trimmed by a process with a heap of 64 MiB.
 * {@code -Drunnel.changes=1000000} sets how many change sets.
 */
@Tag("slow")
class ManyChangeSetsTest {
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final int USUAL_CHANGES = 250_000;
    private static final Path LOG = Path.of("/log");
    private static final LogLimits LIMITS = new LogLimits(Long.MAX_VALUE);
    private static final String SUFFIX = ".change";

    @TempDir
    private Path folder;

    @Test
    void i48ALogOfVeryManyChangeSetsIsOpenedReadAndTrimmedWithAHeapOf64Mebibytes() {
        String changes = String.valueOf(Integer.getInteger("runnel.changes", USUAL_CHANGES));
        try (Child child = Child.start(
                JavaProgram.of(ManyChangeSetsTest.class.getName())
                        .with("-Xmx64m", "-XX:+UseSerialGC")
                        .command(folder.toString(), changes),
                Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.transcript()).isZero();
            assertThat(child.transcript()).contains("trimmed to the newest of " + changes + " change sets");
        }
    }

    /** The process. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        long changes = Long.parseLong(arguments[1]);
        ListedDisk disk = new ListedDisk(folder, template(folder, changes), changes);
        ChangeLog log = ChangeLog.open(disk, LOG, LIMITS);
        assertThat(log.newest().orElseThrow().txid().value()).isEqualTo(changes);
        assertThat(log.find(new Txid(1)).orElseThrow().txid().value()).isEqualTo(1);
        log.trim(new Txid(changes / 2), new Txid(changes));
        assertThat(log.find(new Txid(changes / 2))).isEmpty();
        assertThat(log.find(new Txid(changes / 2 + 1))).isPresent();
        log.shrink(0, new Txid(changes));
        assertThat(disk.deleted).isEqualTo(changes - 1);
        assertThat(log.size()).isEqualTo(log.newest().orElseThrow().size());
        assertThat(log.proof(new Txid(2))).isPresent();
        System.out.println("trimmed to the newest of " + changes + " change sets");
    }

    /** The newest change set. The others differ from it by the TXIDs in their headers. */
    private static byte[] template(Path folder, long txid) throws IOException {
        PageSize pageSize = new PageSize(512);
        Path path = folder.resolve("template");
        LtxHeader header = LtxHeader.of(
                pageSize, 1, TxidRange.of(new Txid(txid)), Instant.EPOCH, Optional.of(new Proof(Checksums.EMPTY, 1)));
        ChangeLog.open(Disk.system(), path, LIMITS)
                .append(header, sink -> sink.page(1, new byte[pageSize.bytes()], 0), SourcePosition.UNKNOWN);
        return Files.readAllBytes(path.resolve(new Txid(txid) + SUFFIX));
    }

    /** A disk with a log of change sets that take no room. What else is written there is in a folder of the real one. */
    private static final class ListedDisk implements Disk {
        private final Path real;
        private final byte[] template;
        private final long newest;
        private long deleted;

        ListedDisk(Path real, byte[] template, long newest) {
            this.real = real;
            this.template = template;
            this.newest = newest;
        }

        private Path real(Path file) {
            return real.resolve(String.valueOf(file.getFileName()));
        }

        private static boolean isChangeSet(Path file) {
            return file.toString().endsWith(SUFFIX);
        }

        private static long txid(Path file) {
            return Long.parseLong(String.valueOf(file.getFileName()).replace(SUFFIX, ""), 16);
        }

        @Override
        public Stream<FileInfo> entries(Path folder) {
            return LongStream.rangeClosed(deleted + 1, newest)
                    .mapToObj(txid -> new FileInfo(new Txid(txid) + SUFFIX, template.length, Instant.EPOCH, false));
        }

        @Override
        public List<FileInfo> list(Path folder) {
            return entries(folder).toList();
        }

        @Override
        public Optional<FileInfo> stat(Path file) throws IOException {
            return isChangeSet(file)
                    ? Optional.of(new FileInfo("", template.length, Instant.EPOCH, false))
                    : Disk.system().stat(real(file));
        }

        @Override
        public DiskFile openToRead(Path file) throws IOException {
            if (!isChangeSet(file)) {
                return Disk.system().openToRead(real(file));
            }
            long txid = txid(file);
            if (txid <= deleted) {
                throw new NoSuchFileException(file.toString());
            }
            byte[] bytes = template.clone();
            if (txid < newest) {
                ByteBuffer.wrap(bytes).putLong(16, txid).putLong(24, txid);
            }
            return new Bytes(ByteBuffer.wrap(bytes));
        }

        @Override
        public void delete(Path file) throws IOException {
            if (isChangeSet(file)) {
                deleted = txid(file);
            } else {
                Disk.system().delete(real(file));
            }
        }

        @Override
        public DiskFile create(Path file) throws IOException {
            return Disk.system().create(real(file));
        }

        @Override
        public DiskFile open(Path file) throws IOException {
            return Disk.system().open(real(file));
        }

        @Override
        public void publish(Path temp, Path target) throws IOException {
            Disk.system().publish(real(temp), real(target));
        }

        @Override
        public void publishNew(Path temp, Path target) throws IOException {
            Disk.system().publishNew(real(temp), real(target));
        }

        @Override
        public void syncFolder(Path folder) {
            // What takes no room needs no sync.
        }

        @Override
        public void createFolders(Path folder) {
            // The folder is there.
        }

        @Override
        public void setTime(Path file, Instant time) {
            throw new UnsupportedOperationException(file.toString());
        }
    }

    private record Bytes(ByteBuffer bytes) implements DiskFile {
        @Override
        public int read(ByteBuffer into, long position) {
            int length = (int) Math.min(into.remaining(), bytes.limit() - position);
            into.put(bytes.slice((int) position, length));
            return length;
        }

        @Override
        public long size() {
            return bytes.limit();
        }

        @Override
        public void write(ByteBuffer from, long position) {
            throw new UnsupportedOperationException("a change set is only read");
        }

        @Override
        public void setSize(long size) {
            throw new UnsupportedOperationException("a change set is only read");
        }

        @Override
        public void sync() {
            throw new UnsupportedOperationException("a change set is only read");
        }

        @Override
        public void close() {}
    }
}

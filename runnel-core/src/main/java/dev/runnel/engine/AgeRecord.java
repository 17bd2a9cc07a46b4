package dev.runnel.engine;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.RecordFile;
import dev.runnel.replica.TxidAges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the ages of a database's TXIDs from one run to the next. Bytes are in {@code docs/formats.md}. */
final class AgeRecord {
    private static final Logger LOG = LoggerFactory.getLogger(AgeRecord.class);
    private static final String NAME = "ages";
    private static final int VERSION = 1;
    private static final int SIZE = 2 * Integer.BYTES + Long.BYTES + TxidAges.MOST_KNOWN * 2 * Long.BYTES;

    /** A process that is killed forgets no more than this of its running time. */
    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

    private final Disk disk;
    private final Path file;
    private final Clock clock;
    private Optional<TxidAges> ages = Optional.empty();
    private long savedAt;
    private boolean isSaved;

    AgeRecord(Disk disk, Path metaFolder, Clock clock) {
        this.disk = disk;
        this.file = metaFolder.resolve(NAME);
        this.clock = clock;
    }

    /** The ages, read from the record the first time. */
    synchronized TxidAges ages() {
        if (ages.isEmpty()) {
            ages = Optional.of(read());
        }
        return ages.get();
    }

    private TxidAges read() {
        try {
            Optional<ByteBuffer> record = RecordFile.read(disk, file, SIZE);
            if (record.isPresent() && record.get().getInt() == VERSION) {
                return parse(record.get());
            }
            LOG.warn("{}: this record is damaged; ages count from now on. Retention keeps more than it has to.", file);
        } catch (NoSuchFileException _) {
            LOG.debug("{}: there is no record yet", file);
        } catch (IOException e) {
            LOG.warn("{}: cannot be read ({}); ages count from now on. Retention keeps more than it has to.", file, e);
        }
        return new TxidAges(clock);
    }

    private TxidAges parse(ByteBuffer in) {
        int count = in.getInt();
        long ran = in.getLong();
        List<TxidAges.Known> known = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            known.add(new TxidAges.Known(in.getLong(), new Txid(in.getLong())));
        }
        return TxidAges.resume(clock, ran, known);
    }

    /** Saves the ages; false if that was done a short time ago. */
    synchronized boolean saveIfDue() throws IOException {
        boolean isDue = !isSaved || clock.ticks() - savedAt >= INTERVAL;
        if (isDue) {
            save();
        }
        return isDue;
    }

    /** Saves the ages, if there are any. */
    synchronized void save() throws IOException {
        if (ages.isEmpty()) {
            return;
        }
        List<TxidAges.Known> known = ages.get().known();
        ByteBuffer out = ByteBuffer.allocate(SIZE);
        out.putInt(VERSION).putInt(known.size()).putLong(ages.get().ran());
        known.forEach(each -> out.putLong(each.at()).putLong(each.txid().value()));
        RecordFile.write(disk, file, out.clear());
        savedAt = clock.ticks();
        isSaved = true;
    }
}

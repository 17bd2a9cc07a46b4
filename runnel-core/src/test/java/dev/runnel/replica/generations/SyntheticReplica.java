package dev.runnel.replica.generations;

import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.Body;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.PutOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;

/** A replica in memory whose objects are made by hand, compressed by a library. */
final class SyntheticReplica {
    static final String GENERATION = "00112233aabbccdd";
    static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    final MemoryStore store = new MemoryStore(Clock.system());
    private final GenerationsHistory history;
    private int objects;

    SyntheticReplica(Path scratch) {
        history = GenerationsHistory.all(store, GenerationKeys.DEFAULT, Scratch.at(Disk.system(), scratch));
    }

    GenerationsHistory history() {
        return history;
    }

    void snapshot(int index, byte[] database) throws IOException {
        put("snapshots/%08x.snapshot.lz4".formatted(index), frame(database));
    }

    void segment(int index, long offset, byte[] content) throws IOException {
        put("wal/%08x_%08x.wal.lz4".formatted(index, offset), frame(content));
    }

    /** Objects are a second apart. */
    void put(String name, byte[] stored) throws IOException {
        put(store, GenerationKeys.DEFAULT.root() + GENERATION + "/" + name, stored, START.plusSeconds(objects++));
    }

    static void put(MemoryStore store, String key, byte[] stored, Instant time) throws IOException {
        Body body = new Body() {
            @Override
            public OptionalLong length() {
                return OptionalLong.of(stored.length);
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(stored);
            }
        };
        store.put(key, body, PutOptions.replace(time));
    }

    static byte[] frame(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (LZ4FrameOutputStream out = new LZ4FrameOutputStream(
                bytes, BLOCKSIZE.SIZE_64KB, FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_CHECKSUM)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    /** The database that a target gives. */
    byte[] restore(RestoreTarget target) throws IOException {
        try (PlanSource source = history.read(history.plan(target))) {
            int pageSize = source.pageSize();
            byte[] database = new byte[pageSize * source.pageCount()];
            for (Optional<PlanSource.Run> run = source.next(); run.isPresent(); run = source.next()) {
                run.get()
                        .readTo((number, data, offset) ->
                                System.arraycopy(data, offset, database, (number - 1) * pageSize, pageSize));
            }
            return database;
        }
    }
}

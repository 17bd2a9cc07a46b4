package dev.runnel.replica.generations;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.replica.Changes;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.store.Bodies;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import net.jpountz.lz4.LZ4FrameOutputStream;

/** Objects as they are stored, and what can become of them. */
final class Stored {
    private Stored() {}

    static byte[] read(ObjectStore store, String key) throws IOException {
        try (InputStream in = store.open(key, ByteRange.ALL)) {
            return in.readAllBytes();
        }
    }

    /** Puts bytes under a key, whatever is there. */
    static void plant(ObjectStore store, String key, byte[] content) throws IOException {
        store.put(key, Bodies.of(content), PutOptions.replace(SqliteHistory.ORIGIN.plusSeconds(8)));
    }

    static byte[] cut(ObjectStore store, String key) throws IOException {
        byte[] whole = read(store, key);
        return Arrays.copyOf(whole, whole.length - 9);
    }

    static byte[] flipped(ObjectStore store, String key) throws IOException {
        byte[] bytes = read(store, key);
        bytes[bytes.length / 2] ^= 1;
        return bytes;
    }

    /** A segment with the changes, as somebody else would write it. */
    static byte[] wal(Changes changes) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        changes.file().writeTo(file);
        LtxDecoder decoder = LtxDecoder.open("changes", new ByteArrayInputStream(file.toByteArray()));
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (LZ4FrameOutputStream out = new LZ4FrameOutputStream(stored, LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB)) {
            WalOutput wal = new WalOutput(out, decoder.header().pageSize().bytes(), new WalSalts(-1, 2));
            decoder.readTo(wal);
            wal.finish(decoder.header().commit());
        }
        return stored.toByteArray();
    }
}

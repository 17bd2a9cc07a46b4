package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageIndex;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A file of a plan, its header compared with its name. Its bytes come from the store, or, once loaded, from memory. */
final class PlanFile {
    private final ObjectStore store;
    private final PlannedFile file;
    private final Optional<byte[]> content;
    private final LtxHeader header;

    private PlanFile(ObjectStore store, PlannedFile file, Optional<byte[]> content) throws IOException {
        this.store = store;
        this.file = file;
        this.content = content;
        this.header = readHeader();
    }

    /** A file to be read by ranges. */
    static PlanFile open(ObjectStore store, PlannedFile file) throws IOException {
        return new PlanFile(store, file, Optional.empty());
    }

    /** A small file, fetched whole by one request. */
    static PlanFile load(ObjectStore store, PlannedFile file) throws IOException {
        int size = Math.toIntExact(file.size());
        byte[] bytes;
        try (InputStream in = open(store, file, ByteRange.ALL)) {
            bytes = in.readNBytes(size + 1);
        }
        if (bytes.length != size) {
            String found = bytes.length < size ? bytes.length + " bytes" : "more bytes";
            throw damaged(store, file, "it has " + found + ", where the listing has " + size);
        }
        return new PlanFile(store, file, Optional.of(bytes));
    }

    LtxHeader header() {
        return header;
    }

    PlannedFile planned() {
        return file;
    }

    /** The file, as messages name it. */
    String source() {
        return source(store, file);
    }

    /** Part of the file; less, where the file ends before. */
    InputStream stream(ByteRange range) throws IOException {
        if (content.isEmpty()) {
            return open(store, file, range);
        }
        byte[] bytes = content.get();
        int from = (int) Math.min(range.offset(), bytes.length);
        return new ByteArrayInputStream(bytes, from, (int) Math.min(range.length(), bytes.length - from));
    }

    PageIndex index() throws IOException {
        return PageIndex.open(source(), header, file.size(), this::read);
    }

    /** The error for what is wrong inside this file. */
    ReplicaException.Damaged damaged(LtxException fault) {
        return new ReplicaException.Damaged(file.key(), String.valueOf(fault.getMessage()), fault.nextStep(), fault);
    }

    /** The error for what is wrong with this file, in words that follow its name and a colon. */
    ReplicaException.Damaged damaged(String what) {
        return damaged(store, file, what);
    }

    private LtxHeader readHeader() throws IOException {
        LtxHeader found;
        try (InputStream in = stream(new ByteRange(0, LtxHeader.SIZE))) {
            found = LtxHeader.read(source(), in);
        } catch (LtxException e) {
            throw damaged(e);
        }
        if (!found.txids().equals(file.range())) {
            throw damaged("its header says that it spans the TXIDs " + found.txids() + ", not those of its name");
        }
        return found;
    }

    private void read(long offset, ByteBuffer into) throws IOException {
        try (InputStream in = stream(new ByteRange(offset, into.remaining()))) {
            int start = into.arrayOffset() + into.position();
            int count = in.readNBytes(into.array(), start, into.remaining());
            into.position(into.position() + count);
        }
    }

    private static InputStream open(ObjectStore store, PlannedFile file, ByteRange range) throws IOException {
        try {
            return new PlanInput(file, source(store, file), store.open(file.key(), range));
        } catch (StoreException e) {
            throw PlanInput.translated(file, source(store, file), e);
        }
    }

    private static ReplicaException.Damaged damaged(ObjectStore store, PlannedFile file, String what) {
        return new ReplicaException.Damaged(
                file.key(),
                source(store, file) + ": " + what,
                "The file is damaged or not what it should be; use another copy of it, or restore a point before it.",
                null);
    }

    private static String source(ObjectStore store, PlannedFile file) {
        return store.location() + "/" + file.key();
    }
}

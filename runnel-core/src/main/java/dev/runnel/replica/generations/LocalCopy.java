package dev.runnel.replica.generations;

import dev.runnel.ltx.Scratch;
import dev.runnel.replica.Content;
import dev.runnel.replica.TempFile;
import dev.runnel.store.Body;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The content of a body where it can be read any number of times: in memory if it is small, else in a scratch file. */
sealed interface LocalCopy extends Closeable {
    /** As much as most change sets have, and nothing to a machine. */
    int SMALL = 256 << 10;

    /** All of it, from the start. */
    InputStream open();

    /** Writes all of it. */
    default void writeTo(OutputStream out) throws IOException {
        try (InputStream in = open()) {
            in.transferTo(out);
        }
    }

    @Override
    void close() throws IOException;

    static LocalCopy of(Body body, Scratch scratch) throws IOException {
        if (body.length().orElse(Long.MAX_VALUE) <= SMALL) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            body.writeTo(bytes);
            return new InMemory(bytes.toByteArray());
        }
        return of((Content) body::writeTo, scratch);
    }

    /** The same for a body of unknown size. */
    static LocalCopy of(Content content, Scratch scratch) throws IOException {
        TempFile file = new TempFile(scratch.create());
        try (OutputStream out = file.output()) {
            content.writeTo(out);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        return new OnDisk(file);
    }

    /** A small one. */
    @SuppressWarnings("ArrayRecordComponent")
    record InMemory(byte[] bytes) implements LocalCopy {
        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public void close() {}
    }

    /** Any other. */
    record OnDisk(TempFile file) implements LocalCopy {
        @Override
        public InputStream open() {
            return file.input();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

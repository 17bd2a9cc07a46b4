package dev.runnel.testkit;

import dev.runnel.platform.FileInfo;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A file of a {@link CrashDisk}: what programs see, what is durable, and the changes that lead from one to the other. */
final class CrashNode {
    private final List<Change> pending = new ArrayList<>();
    private Content seen = new Content();
    private Content durable = new Content();
    private Instant modified;
    private @Nullable CrashFile holder;

    CrashNode(Instant created) {
        modified = created;
    }

    byte[] bytes() {
        return Arrays.copyOf(seen.bytes, seen.size);
    }

    /** Takes the file for one that opened it, unless somebody else has it who is still alive. */
    boolean lockFor(CrashFile file) {
        if (holder == null || !holder.isLive()) {
            holder = file;
        }
        return holder == file;
    }

    int read(ByteBuffer into, long position) {
        int length = Math.clamp(seen.size - position, 0, into.remaining());
        into.put(seen.bytes, (int) Math.min(position, seen.size), length);
        return length;
    }

    void write(long position, byte[] bytes, Instant now) {
        change(new Write(Math.toIntExact(position), ByteBuffer.wrap(bytes)), now);
    }

    void setSize(long size, Instant now) {
        change(new Resize(Math.toIntExact(size)), now);
    }

    long size() {
        return seen.size;
    }

    void sync() {
        pending.forEach(change -> change.applyTo(durable));
        pending.clear();
    }

    /** What a device does that reports an error once and takes its cache for written: it is read until the power goes. */
    void losePending() {
        pending.clear();
    }

    void setTime(Instant time) {
        modified = time;
    }

    FileInfo info(Path name) {
        return new FileInfo(String.valueOf(name.getFileName()), seen.size, modified, false);
    }

    /** Keeps of the pending changes what the power loss leaves of them. */
    void crash(Survival survival, Random random) {
        for (Change change : pending) {
            change.applyPartly(durable, survival, random);
        }
        pending.clear();
        seen = durable.copy();
    }

    private void change(Change change, Instant now) {
        change.applyTo(seen);
        pending.add(change);
        modified = now;
    }

    private sealed interface Change {
        void applyTo(Content content);

        void applyPartly(Content content, Survival survival, Random random);
    }

    private record Write(int position, ByteBuffer bytes) implements Change {
        @Override
        public void applyTo(Content content) {
            content.write(position, bytes, 0, bytes.capacity());
        }

        @Override
        public void applyPartly(Content content, Survival survival, Random random) {
            int end = position + bytes.capacity();
            for (int from = position; from < end; ) {
                int next = Math.min(end, (from / survival.sectorSize() + 1) * survival.sectorSize());
                if (survival.keeps(random)) {
                    content.write(from, bytes, from - position, next - from);
                }
                from = next;
            }
        }
    }

    private record Resize(int size) implements Change {
        @Override
        public void applyTo(Content content) {
            content.resize(size);
        }

        @Override
        public void applyPartly(Content content, Survival survival, Random random) {
            if (survival.keeps(random)) {
                content.resize(size);
            }
        }
    }

    private static final class Content {
        private byte[] bytes = new byte[0];
        private int size;

        void write(int position, ByteBuffer from, int offset, int length) {
            if (length == 0) {
                return;
            }
            resize(Math.max(size, position + length));
            from.get(offset, bytes, position, length);
        }

        void resize(int to) {
            if (to > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(to, 2 * bytes.length));
            } else if (to < size) {
                Arrays.fill(bytes, to, size, (byte) 0);
            }
            size = to;
        }

        Content copy() {
            Content copy = new Content();
            copy.bytes = Arrays.copyOf(bytes, size);
            copy.size = size;
            return copy;
        }
    }
}

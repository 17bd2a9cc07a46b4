package dev.runnel.sqlite;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes the bytes of a WAL as the file format describes it, with a checksum of its own, in either byte order. */
public final class SyntheticWal {
    public static final int LITTLE = 0x377f0682;
    public static final int BIG = 0x377f0683;
    private static final int VERSION = 3007000;
    private static final int FRAME_HEADER = 24;

    private final int pageSize;
    private final ByteOrder order;
    private final int salt1;
    private final int salt2;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long s0;
    private long s1;
    private int frames;
    private int pageCount;

    public SyntheticWal(int magic, int pageSize, int sequence, int salt1, int salt2) {
        this.pageSize = pageSize;
        this.order = magic == LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        this.salt1 = salt1;
        this.salt2 = salt2;
        ByteBuffer header = ByteBuffer.allocate(32);
        header.putInt(magic).putInt(VERSION).putInt(pageSize).putInt(sequence);
        header.putInt(salt1).putInt(salt2);
        sum(header.array(), 0, 24);
        header.putInt((int) s0).putInt((int) s1);
        bytes.writeBytes(header.array());
    }

    /** Appends a frame whose page is made of one number, so that no two are alike. */
    SyntheticWal frame(int page, int commitSize, int content) {
        byte[] data = new byte[pageSize];
        for (int i = 0; i < pageSize; i++) {
            data[i] = (byte) (i * 31 + content);
        }
        return frame(page, commitSize, data);
    }

    public SyntheticWal frame(int page, int commitSize, byte[] data) {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER + pageSize);
        frame.putInt(page).putInt(commitSize).putInt(salt1).putInt(salt2);
        sum(frame.array(), 0, 8);
        sum(data, 0, pageSize);
        frame.putInt((int) s0).putInt((int) s1).put(data);
        bytes.writeBytes(frame.array());
        frames++;
        pageCount = commitSize == 0 ? pageCount : commitSize;
        return this;
    }

    private void sum(byte[] data, int offset, int length) {
        ByteBuffer words = ByteBuffer.wrap(data, offset, length).order(order);
        while (words.hasRemaining()) {
            s0 = s0 + words.getInt() + s1 & 0xFFFFFFFFL;
            s1 = s1 + words.getInt() + s0 & 0xFFFFFFFFL;
        }
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    /** The place after the frames written so far. */
    WalPosition end() {
        return new WalPosition(salt1, salt2, frames, (int) s0, (int) s1);
    }

    /** What the wal-index says when the frames written so far are committed. */
    WalIndexHeader index() {
        return new WalIndexHeader(frames, pageCount, (int) s0, (int) s1, salt1, salt2, 0, 0);
    }
}

package dev.runnel.age;

/** How long content is when it is encrypted, and the other way round, header and nonce left out. In bytes. */
final class Sizes {
    /** What makes the key of each payload its own, before its chunks. */
    static final int NONCE = 16;

    private Sizes() {}

    /** The chunks of so much content. Nothing at all is one empty chunk. */
    static long chunks(long content) {
        long count = Math.max(1, Math.ceilDiv(content, ChunkCipher.CHUNK));
        return content + count * ChunkCipher.TAG;
    }

    /** The content of chunks of so many bytes together; nothing where they are too few to hold any. */
    static long content(long chunks) {
        long count = Math.max(1, Math.ceilDiv(chunks, ChunkCipher.STORED));
        return Math.max(0, chunks - count * ChunkCipher.TAG);
    }
}

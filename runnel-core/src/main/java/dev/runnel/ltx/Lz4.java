package dev.runnel.ltx;

import java.util.function.Supplier;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/** LZ4 blocks, by the native library, or in plain Java where that cannot be loaded. Memory-safe either way. */
public final class Lz4 {
    private static final LZ4Factory FACTORY = firstOf(LZ4Factory::nativeInstance, LZ4Factory::safeInstance);
    private static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();
    private static final XXHashFactory XXHASHES = firstOf(XXHashFactory::nativeInstance, XXHashFactory::safeInstance);
    private static final XXHash32 XXHASH = XXHASHES.hash32();

    private Lz4() {}

    /** The longest block that so many bytes can give. */
    public static int maxCompressedSize(int length) {
        return COMPRESSOR.maxCompressedLength(length);
    }

    /** Compresses into the array from an offset on, where {@link #maxCompressedSize} bytes are free; gives the length. */
    public static int compress(byte[] page, int offset, int length, byte[] into, int intoOffset) {
        return COMPRESSOR.compress(page, offset, length, into, intoOffset, into.length - intoOffset);
    }

    /** Decompresses at most {@code limit} bytes and gives their number, or -1 if the block is damaged. */
    public static int decompress(byte[] block, int offset, int length, byte[] into, int intoOffset, int limit) {
        try {
            return DECOMPRESSOR.decompress(block, offset, length, into, intoOffset, limit);
        } catch (LZ4Exception _) {
            return -1;
        }
    }

    /** xxHash-32 with seed 0. */
    public static int hash(byte[] bytes, int offset, int length) {
        return XXHASH.hash(bytes, offset, length, 0);
    }

    /** xxHash-32 with seed 0 of what comes in parts. */
    public static StreamingXXHash32 newHash() {
        return XXHASHES.newStreamingHash32(0);
    }

    /** The library signals an unusable native part in several ways, some of them errors. */
    static <T> T firstOf(Supplier<T> fast, Supplier<T> portable) {
        try {
            return fast.get();
        } catch (LinkageError | AssertionError | RuntimeException _) {
            return portable.get();
        }
    }
}

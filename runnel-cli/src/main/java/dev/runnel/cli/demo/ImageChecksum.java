package dev.runnel.cli.demo;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checksum of a whole database file, computed from its bytes and from nothing else. */
final class ImageChecksum {
    private static final int PAGE_SIZE_AT = 16;

    private ImageChecksum() {}

    /** Computes it; the file is small enough to be read at once, and no process has it open. */
    static long of(Path database) throws IOException {
        byte[] bytes = Files.readAllBytes(database);
        int stored = (bytes[PAGE_SIZE_AT] & 0xff) << 8 | (bytes[PAGE_SIZE_AT + 1] & 0xff);
        PageSize pageSize = new PageSize(stored == 1 ? 1 << 16 : stored);
        long checksum = Checksums.EMPTY;
        for (int page = 1; (long) page * pageSize.bytes() <= bytes.length; page++) {
            if (page != pageSize.lockPage()) {
                int offset = (page - 1) * pageSize.bytes();
                checksum = Checksums.with(checksum, page, Checksums.page(page, bytes, offset, pageSize.bytes()));
            }
        }
        return checksum;
    }
}

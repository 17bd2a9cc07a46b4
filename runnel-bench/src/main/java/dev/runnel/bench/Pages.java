package dev.runnel.bench;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;

/** A database image of rows of text and numbers, which compresses about as well as real ones: to a half or so. */
final class Pages {
    private static final String[] WORDS = {
        "order",
        "customer",
        "street",
        "shipped",
        "pending",
        "2026-11-21T10:00:00Z",
        "EUR",
        "comment",
        "quantity",
        "item"
    };

    final PageSize pageSize;
    final int count;
    final byte[] bytes;

    Pages(PageSize pageSize, int count) {
        this.pageSize = pageSize;
        this.count = count;
        this.bytes = new byte[pageSize.bytes() * count];
        Random random = new Random(1);
        int at = 0;
        while (at < bytes.length) {
            byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.US_ASCII);
            int length = Math.min(word.length, bytes.length - at);
            System.arraycopy(word, 0, bytes, at, length);
            at += length;
            for (int key = random.nextInt(12); key > 0 && at < bytes.length; key--) {
                bytes[at++] = (byte) random.nextInt();
            }
        }
    }

    /** The header of a snapshot of them, with the proof that belongs to it. */
    LtxHeader header() {
        long checksum = Checksums.EMPTY;
        for (int number = 1; number <= count; number++) {
            long page = Checksums.page(number, bytes, offset(number), pageSize.bytes());
            checksum = Checksums.with(checksum, number, page);
        }
        TxidRange txids = new TxidRange(new Txid(1), new Txid(9));
        return LtxHeader.of(pageSize, count, txids, Instant.EPOCH, Optional.of(new Proof(checksum, 1)));
    }

    int offset(int number) {
        return (number - 1) * pageSize.bytes();
    }

    /** These images are too small to need any. */
    static Scratch noScratch() {
        return () -> {
            throw new IllegalStateException("the page index does not fit in memory");
        };
    }
}

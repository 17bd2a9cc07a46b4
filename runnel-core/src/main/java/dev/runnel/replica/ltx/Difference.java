package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxEncoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.Changes;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.store.Body;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/** One file with the pages that changed over a range of TXIDs. */
final class Difference {
    private Difference() {}

    /**
     * The changes from a TXID up to the image's.
     *
     * @param image gives the pages changed since, once
     */
    static Changes of(Txid from, DatabaseImage image, Scratch scratch) {
        TxidRange range = new TxidRange(from, image.txid());
        LtxHeader header = LtxHeader.of(
                new PageSize(image.pageSize()), image.pageCount(), range, image.time(), Optional.of(image.proof()));
        return new Changes(range, image.time(), Optional.of(image.proof()), new Body() {
            @Override
            public OptionalLong length() {
                return OptionalLong.empty();
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                try (LtxEncoder encoder = new LtxEncoder(out, header, scratch)) {
                    image.readTo(encoder);
                    encoder.finish();
                }
            }
        });
    }
}
